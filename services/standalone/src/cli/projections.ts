import { loadSql } from '@rapport/profile-db';
import { type ConsumerFactory, type Platform } from '@rapport/runtime';
import { analyzeConsumer, clearAnalytics } from '@rapport/service-analyze';
import { orchestrateConsumer } from '@rapport/service-orchestrate';
import { profileConsumer } from '@rapport/service-profile';
import { resolveConsumer } from '@rapport/service-resolve';
import { scoreConsumer } from '@rapport/service-score';
import { segmentConsumer } from '@rapport/service-segment';
import type { PoolClient } from 'pg';

/** What can be dropped and computed again from the log. */
export interface Projection {
  readonly consumer: ConsumerFactory;
  /** Drops it, in the transaction that sets the consumer back to the beginning. */
  readonly clear: (platform: Platform, tx: PoolClient) => Promise<void>;
}

function tables(consumer: ConsumerFactory, name: string): Projection {
  const sql = loadSql(import.meta.url, `clear-${name}`);
  return { consumer, clear: async (_platform, tx) => void (await tx.query(sql)) };
}

/** `deliver` is not among them: what was sent is sent, and its outbox is the record of that. */
export const projections: ReadonlyMap<string, Projection> = new Map<string, Projection>([
  ['resolve', tables(resolveConsumer, 'resolve')],
  ['profile', tables(profileConsumer, 'profile')],
  ['analyze', { consumer: analyzeConsumer, clear: clearAnalytics }],
  ['segment', tables(segmentConsumer, 'segment')],
  ['score', tables(scoreConsumer, 'score')],
  ['orchestrate', tables(orchestrateConsumer, 'orchestrate')],
]);
