import { loadSql } from '@rapport/profile-db';
import { type ConsumerFactory } from '@rapport/runtime';
import { orchestrateConsumer } from '@rapport/service-orchestrate';
import { profileConsumer } from '@rapport/service-profile';
import { resolveConsumer } from '@rapport/service-resolve';
import { scoreConsumer } from '@rapport/service-score';
import { segmentConsumer } from '@rapport/service-segment';

/** What can be dropped and computed again from the log. */
export interface Projection {
  readonly consumer: ConsumerFactory;
  /** SQL that drops it. */
  readonly clear: string;
}

const clear = (name: string) => loadSql(import.meta.url, `clear-${name}`);

/** `deliver` is not among them: what was sent is sent, and its outbox is the record of that. */
export const projections: ReadonlyMap<string, Projection> = new Map<string, Projection>([
  ['resolve', { consumer: resolveConsumer, clear: clear('resolve') }],
  ['profile', { consumer: profileConsumer, clear: clear('profile') }],
  ['segment', { consumer: segmentConsumer, clear: clear('segment') }],
  ['score', { consumer: scoreConsumer, clear: clear('score') }],
  ['orchestrate', { consumer: orchestrateConsumer, clear: clear('orchestrate') }],
]);
