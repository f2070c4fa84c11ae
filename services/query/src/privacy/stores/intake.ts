import { loadSql } from '@rapport/profile-db';
import type { Platform } from '@rapport/runtime';
import type { Erasure } from '../erasure.js';

const countTouchpoints = loadSql(import.meta.url, 'count-touchpoints');
const adjust = loadSql(import.meta.url, 'adjust-intake');

/**
 * Moves the person's touchpoints from resolved to erased in the accounts of what was received, so that these agree with
 * what a replay counts. Done while ClickHouse still knows the touchpoints, and once an erasure.
 */
export async function adjustIntake(
  { clickhouse, postgres }: Pick<Platform, 'clickhouse' | 'postgres'>,
  { erasureId, workspaceId, profileIds }: Erasure,
): Promise<void> {
  const answer = await clickhouse.query({
    query: countTouchpoints,
    query_params: { workspaceId, profileIds },
    format: 'JSONEachRow',
  });
  await postgres.query(adjust, [erasureId, JSON.stringify(await answer.json())]);
}
