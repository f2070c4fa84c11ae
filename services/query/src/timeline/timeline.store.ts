import type { ClickHouseClient } from '@clickhouse/client';
import { loadSql } from '@rapport/profile-db';
import { cursorOf, readCursor } from '../paging/cursor.js';
import type { TouchpointDto } from '../profiles/profile.dto.js';

const readTimelineSql = loadSql(import.meta.url, 'read-timeline');

export interface TimelineFilter {
  readonly types: readonly string[];
  readonly events: readonly string[];
  /** Milliseconds since the epoch: inclusive and exclusive. */
  readonly from: number;
  readonly to: number;
}

export interface TimelinePage {
  readonly items: readonly TouchpointDto[];
  readonly nextCursor: string | null;
}

interface TimelineRow {
  readonly type: string;
  readonly event: string;
  readonly timestamp_ms: string;
  readonly received_ms: string;
  readonly log_partition: number;
  readonly log_offset: string;
  readonly message_id: string;
  readonly source_id: string;
}

/** What the analytics store can hold; the newest instant also stands for "no cursor". */
export const earliestTime = Date.UTC(1900, 0, 1);
export const latestTime = Date.UTC(2299, 11, 31);
const fromTheNewest = [latestTime, latestTime, 0, 0] as const;

/** Touchpoints of a person, newest first, as far as the analytics store has them (about a second behind the log). */
export async function readTimeline(
  clickhouse: ClickHouseClient,
  { workspaceId, profileId }: { readonly workspaceId: string; readonly profileId: string },
  { types, events, from, to }: TimelineFilter,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
): Promise<TimelinePage> {
  const [time, received, partition, offset] =
    cursor === undefined ? fromTheNewest : readCursor(cursor, ['number', 'number', 'number', 'number']);
  const result = await clickhouse.query({
    query: readTimelineSql,
    format: 'JSONEachRow',
    query_params: {
      ...{ workspace: workspaceId, profile: profileId, types, events, from, to, limit: limit + 1 },
      ...{ before_time: time, before_received: received, before_partition: partition, before_offset: offset },
    },
  });
  const rows = await result.json<TimelineRow>();
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { items: page.map(viewOf), nextCursor: last === undefined ? null : cursorOf(positionOf(last)) };
}

function positionOf(row: TimelineRow): readonly [number, number, number, number] {
  return [Number(row.timestamp_ms), Number(row.received_ms), row.log_partition, Number(row.log_offset)];
}

function viewOf(row: TimelineRow): TouchpointDto {
  const [timestamp, received, partition, offset] = positionOf(row);
  return {
    type: row.type,
    event: row.event === '' ? null : row.event,
    timestamp: new Date(timestamp).toISOString(),
    receivedAt: new Date(received).toISOString(),
    position: { partition, offset },
    messageId: row.message_id,
    sourceId: row.source_id,
  };
}
