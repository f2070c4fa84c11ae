import type { ServiceName } from '@rapport/events';
import {
  enterPostgresShadow,
  openPostgresShadow,
  readPostgresState,
  type Platform,
  type ReadState,
  type Shadow,
  type ThreadProjection,
} from '@rapport/runtime';
import {
  analyticsConsumerOn,
  enterAnalyticsShadow,
  openAnalyticsShadow,
  readAnalyticsState,
} from '@rapport/service-analyze';
import { rebuildJourneysConsumer } from '@rapport/service-orchestrate';
import { profileConsumer } from '@rapport/service-profile';
import { resolveConsumer } from '@rapport/service-resolve';
import { scoreConsumer } from '@rapport/service-score';
import { segmentConsumer } from '@rapport/service-segment';

/** What can be dropped and computed again from the log. */
export interface Projection extends ThreadProjection {
  readonly name: ServiceName;
  readonly openShadow: (platform: Platform, name: ServiceName) => Promise<Shadow>;
  readonly readState: ReadState;
  /** Tables that hold something else than what follows from the log. */
  readonly notFromLog?: readonly string[];
}

const inPostgres = { openShadow: openPostgresShadow, enterShadow: enterPostgresShadow, readState: readPostgresState };

const all: readonly Projection[] = [
  {
    name: 'resolve',
    consumer: resolveConsumer,
    ...inPostgres,
    // A counter that follows the clock, and a feed for the caches of processes.
    notFromLog: ['graph', 'moves'],
  },
  { name: 'profile', consumer: profileConsumer, ...inPostgres },
  {
    name: 'analyze',
    consumer: analyticsConsumerOn,
    openShadow: openAnalyticsShadow,
    enterShadow: enterAnalyticsShadow,
    readState: readAnalyticsState,
  },
  { name: 'segment', consumer: segmentConsumer, ...inPostgres },
  { name: 'score', consumer: scoreConsumer, ...inPostgres },
  { name: 'orchestrate', consumer: rebuildJourneysConsumer, ...inPostgres },
];

/** `deliver` is not among them: what was sent is sent, and its outbox is the record of that. */
export const projections: ReadonlyMap<string, Projection> = new Map(
  all.map((projection) => [projection.name as string, projection]),
);
