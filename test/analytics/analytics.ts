import path from 'node:path';
import { insertSettings, querySettings } from '@rapport/analytics-db';
import type { JsonObject, OpenedTouchpoint, TouchpointContent, TouchpointType } from '@rapport/events';
import { storeTouchpoints, storeWorkspaces } from '@rapport/service-analyze';
import { startTestClickHouse, type TestClickHouse } from '@rapport/testing';

export const root = path.resolve(import.meta.dirname, '../..');

/** The analytics database with facts as `services/analyze` writes them. */
export interface Analytics {
  readonly clickhouse: TestClickHouse;
  /** Forgets every fact. */
  clear(): Promise<void>;
  workspace(settings?: {
    readonly timeZone?: string;
    readonly currency?: string;
    readonly sessionMinutes?: number;
  }): Promise<void>;
  touchpoints(touchpoints: readonly OpenedTouchpoint[]): Promise<void>;
  /** Rows of any other table, by column name; times in milliseconds. */
  insert(table: string, rows: readonly JsonObject[]): Promise<void>;
  /** Lone profiles that live on in `survivorId`. */
  merge(survivorId: string, ...profileIds: readonly string[]): Promise<void>;
  rows(query: string, params?: Record<string, unknown>): Promise<unknown[][]>;
  stop(): Promise<void>;
}

export async function startAnalytics(): Promise<Analytics> {
  const clickhouse = await startTestClickHouse(path.join(root, 'schemas'));
  const { client } = clickhouse;
  let sequence = 0;
  const insert: Analytics['insert'] = async (table, values) => {
    await client.insert({
      table,
      values,
      format: 'JSONEachRow',
      clickhouse_settings: { ...insertSettings, date_time_input_format: 'best_effort' },
    });
  };
  return {
    clickhouse,
    insert,
    async clear() {
      const tables = await client.query({
        query: `SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND name != 'migrations'`,
        format: 'JSONEachRow',
      });
      for (const { name } of await tables.json<{ name: string }>()) {
        await client.command({ query: `TRUNCATE TABLE ${name}` });
      }
    },
    async workspace({ timeZone = 'UTC', currency = 'EUR', sessionMinutes = 30 } = {}) {
      const workspace = { id: 'default', name: 'Shop', timeZone, currency, sessionMinutes, sources: [] };
      await storeWorkspaces(client, [workspace], Date.now() + (sequence += 1));
    },
    touchpoints: (touchpoints) => storeTouchpoints(client, touchpoints, `test-${(sequence += 1)}`),
    merge: (survivorId, ...profileIds) => {
      sequence += 1;
      const at = `2024-06-01 00:00:00.000`;
      return insert(
        'identities',
        profileIds.map((profileId) => ({
          ...{ workspace_id: 'default', profile_id: profileId, survivor_id: survivorId, sequence, reason: 'same-user' },
          ...{ timestamp: at, message_id: '', appended_at: at, log_partition: 0, log_offset: sequence },
        })),
      );
    },
    async rows(query, params) {
      const answer = await client.query({
        query,
        query_params: params,
        format: 'JSONCompact',
        clickhouse_settings: { ...querySettings, output_format_json_quote_64bit_integers: 0 },
      });
      return (await answer.json<unknown[]>()).data;
    },
    stop: () => clickhouse.stop(),
  };
}

let messages = 0;

/** A touchpoint of `profileId`, recorded long after it happened. */
export function touchpoint(
  profileId: string,
  at: string | number,
  content: TouchpointContent & { readonly type?: TouchpointType; readonly event?: string; readonly messageId?: string },
): OpenedTouchpoint {
  messages += 1;
  const { type = 'track', event = null, messageId = `message-${messages}`, ...said } = content;
  const timestamp = typeof at === 'number' ? at : Date.parse(at);
  return {
    ...{ workspaceId: 'default', sourceId: 'web', messageId, type, event, subjectId: 'subject', keyId: 'key' },
    ...{ timestamp, originalTimestamp: timestamp, sentAt: null },
    ...{ receivedAt: Date.parse('2024-06-01T00:00:00Z') + messages, flags: [], imported: true },
    ...{ profileId, loneProfileId: profileId, logPartition: 0, logOffset: messages },
    content: { userId: profileId, ...said },
  };
}

export function track(
  profileId: string,
  at: string | number,
  event: string,
  properties: JsonObject = {},
  context: JsonObject = {},
): OpenedTouchpoint {
  return touchpoint(profileId, at, { type: 'track', event, properties, context });
}

/** A page that a campaign led to; without a campaign, one that nothing led to. */
export function page(
  profileId: string,
  at: string | number,
  campaign: JsonObject = {},
  properties: JsonObject = {},
): OpenedTouchpoint {
  return touchpoint(profileId, at, { type: 'page', properties, context: { campaign } });
}

/** The same facts of an erased person: nothing personal is left. */
export function erased(recorded: OpenedTouchpoint): OpenedTouchpoint {
  return { ...recorded, content: undefined };
}
