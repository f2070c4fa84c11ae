import { fileURLToPath } from 'node:url';
import { querySettings } from '@rapport/analytics-db';
import type { JsonObject, LogEvents, OpenedTouchpoint, TouchpointContent } from '@rapport/events';
import type { LogRecord } from '@rapport/event-log';
import { startTestClickHouse } from '@rapport/testing';
import { clearAnalytics } from '../analyze.consumer.js';
import { insertRows } from '../insert-rows.js';
import type { Columns, Row } from '../rows/columns.js';
import { rowsOf, tables } from '../rows/table-rows.js';
import { storeTouchpoints } from '../store-touchpoints.js';
import { storeWorkspaces } from '../store-workspaces.js';

/** Facts for the analytics tables of one spec. Every call of `given` adds to what is there. */
export interface Facts {
  readonly workspaces?: readonly Shop[];
  readonly touchpoints?: readonly OpenedTouchpoint[];
  readonly events?: readonly Fact[];
}

export interface Analytics {
  given(facts: Facts): Promise<void>;
  /** Rows of a query as arrays; decimals as text, times as ISO text. */
  rows(query: string, parameters?: Readonly<Record<string, unknown>>): Promise<unknown[][]>;
  /** Runs a statement. */
  command(statement: string): Promise<void>;
  /** Forgets all facts. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

type TableEvents = keyof typeof tables;
export type Fact = { [N in TableEvents]: { readonly name: N; readonly value: LogEvents[N] } }[TableEvents];

let sequence = 0;
const receivedFrom = Date.parse('2024-06-01T00:00:00Z');

/** The embedded ClickHouse with all tables and views; facts enter through the rows that the service makes of them. */
export async function startAnalytics(): Promise<Analytics> {
  const { client, stop } = await startTestClickHouse(fileURLToPath(new URL('../../../../schemas', import.meta.url)));
  const insert = (table: string, columns: Columns, rows: readonly Row[]): Promise<unknown> =>
    insertRows(client, { table, columns, rows: [...rows], records: [] }, `given-${(sequence += 1)}`);
  return {
    async given({ workspaces, touchpoints, events = [] }) {
      if (workspaces) await storeWorkspaces(client, workspaces, receivedFrom + (sequence += 1));
      if (touchpoints) await storeTouchpoints(client, touchpoints, `given-${(sequence += 1)}`);
      for (const { name, value } of events) {
        sequence += 1;
        const record: LogRecord = { ...anyRecord, offset: sequence, appendedAt: receivedFrom + sequence };
        await insert(tables[name].table, tables[name].columns, rowsOf(name, value as never, record));
      }
    },
    async rows(query, parameters = {}) {
      const answer = await client.query({
        query,
        format: 'JSONCompact',
        query_params: { ...parameters },
        clickhouse_settings: { ...querySettings, output_format_json_quote_64bit_integers: 0 },
      });
      return (await answer.json<unknown[]>()).data;
    },
    async command(statement) {
      await client.command({ query: statement });
    },
    async clear() {
      await clearAnalytics({ clickhouse: client });
      await client.command({ query: 'TRUNCATE TABLE workspaces' });
    },
    stop,
  };
}

const anyRecord: LogRecord = {
  topic: 'identities',
  partition: 0,
  offset: 0,
  appendedAt: 0,
  key: '',
  value: null,
  headers: {},
  origin: undefined,
};

export interface Shop {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly sources: readonly never[];
}

export function shop(overrides: Partial<Shop> = {}): Shop {
  return { id: 'default', name: 'Shop', timeZone: 'UTC', currency: 'EUR', sources: [], ...overrides };
}

const move = { workspaceId: 'default', reason: 'spec', timestamp: 0 };

/** `profileIds` live on in `survivorId`. */
export function merged(sequence: number, survivorId: string, profileIds: readonly string[]): Fact {
  const value = { ...move, survivorId, mergedId: profileIds[0] ?? '', profileIds, sequence, messageId: '' };
  return { name: 'profiles-merged', value };
}

/** `profileIds` leave `fromId` and are the person `profileId`. */
export function split(sequence: number, fromId: string, profileId: string, profileIds: readonly string[]): Fact {
  return { name: 'profiles-split', value: { ...move, fromId, profileId, profileIds, sequence, causeId: '' } };
}

/** A touchpoint of `profileId`, who is known by a userId, unless `content` takes that away. */
export function touchpoint(
  profileId: string,
  at: string,
  content: TouchpointContent | { readonly userId: undefined } = {},
): OpenedTouchpoint {
  sequence += 1;
  return {
    workspaceId: 'default',
    sourceId: 'web',
    messageId: `message-${sequence}`,
    type: 'track',
    event: null,
    subjectId: 'subject',
    keyId: 'key',
    timestamp: Date.parse(at),
    originalTimestamp: Date.parse(at),
    sentAt: null,
    receivedAt: receivedFrom + sequence,
    flags: [],
    imported: false,
    profileId,
    loneProfileId: profileId,
    logPartition: 0,
    logOffset: sequence,
    content: { userId: profileId, ...content } as TouchpointContent,
  };
}

/** A track call. */
export function tracked(
  event: string,
  profileId: string,
  at: string,
  properties: JsonObject = {},
  content: object = {},
): OpenedTouchpoint {
  return { ...touchpoint(profileId, at, { properties, ...content }), event };
}

export function identified(profileId: string, at: string, traits: JsonObject = {}): OpenedTouchpoint {
  return { ...touchpoint(profileId, at, { traits }), type: 'identify' };
}

export const order = (profileId: string, at: string, properties: JsonObject, content: object = {}): OpenedTouchpoint =>
  tracked('Order Completed', profileId, at, properties, content);

export const refund = (profileId: string, at: string, properties: JsonObject): OpenedTouchpoint =>
  tracked('Order Refunded', profileId, at, properties);
