import { type ClickHouseClient } from '@clickhouse/client';
import { loadSql } from '@rapport/profile-db';

const countArrived = loadSql(import.meta.url, 'count-arrived');

/** How many of a history's touchpoints can be queried, and how many were put aside. */
export interface Arrived {
  readonly stored: number;
  readonly rejected: number;
}

export interface ArrivalOptions {
  readonly onProgress?: (arrived: Arrived) => void;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Rounds without a new touchpoint, `pollMs` apart, after which to stop waiting. Default 240 (a minute). */
  readonly patience?: number;
}

const pollMs = 250;

/** Waits until `expected` touchpoints, told by the prefix of their messageId, are stored or rejected, or nothing moves. */
export async function waitForArrival(
  clickhouse: ClickHouseClient,
  { messageIdPrefix, expected }: { readonly messageIdPrefix: string; readonly expected: number },
  { onProgress, pause, patience = 240 }: ArrivalOptions,
): Promise<Arrived> {
  let last: Arrived = { stored: 0, rejected: 0 };
  for (let quiet = 0; quiet < patience; quiet++) {
    const arrived = await countOf(clickhouse, messageIdPrefix);
    if (arrived.stored + arrived.rejected > last.stored + last.rejected) quiet = 0;
    last = arrived;
    onProgress?.(arrived);
    if (arrived.stored + arrived.rejected >= expected) return arrived;
    await pause(pollMs);
  }
  return last;
}

async function countOf(clickhouse: ClickHouseClient, prefix: string): Promise<Arrived> {
  const answer = await clickhouse.query({ query: countArrived, query_params: { prefix }, format: 'JSONEachRow' });
  const [row] = await answer.json<{ readonly stored: number | string; readonly rejected: number | string }>();
  return { stored: Number(row?.stored ?? 0), rejected: Number(row?.rejected ?? 0) };
}
