import type { LogRecord } from '@rapport/event-log';
import type { IdentityRules } from '@rapport/identity';
import {
  loadIdentityRules,
  RetriableError,
  type InputRecord,
  type Outcome,
  type Output,
  type Platform,
  type StatefulConsumer,
} from '@rapport/runtime';
import type { PoolClient } from 'pg';
import { takeAnnouncements } from './announcements.store.js';
import { IdentityCache } from './identity-cache.js';
import { Intake } from './intake.store.js';
import { forgetMessages, receivedDay, rememberedDays, rememberMessages, type Repeated } from './messages.store.js';
import { createClaimReader, type TouchpointInput } from './read-claims.js';
import { resolveBatch, rulingOf, type Observed, type ResolvedBatch, type ResolvedProfile } from './resolve-batch.js';

interface Prepared extends ResolvedBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly erased: ReadonlySet<LogRecord>;
}

/**
 * Gives every touchpoint its profile, once: reads `touchpoints`, drops messages seen before, and appends the rest to
 * `profile-touchpoints` with the bytes as they were sealed, and what changed in who is who to `identities`. Operators'
 * decisions come in on `identity-decisions`.
 *
 * Who is who is decided in `prepare`, for good; `handle` tells it. All touchpoints teach the graph, repeated ones too:
 * which of two is the repeated one depends on the order of partitions, and who is who must not.
 */
export function resolveConsumer({ vault, config }: Pick<Platform, 'vault' | 'config'>): StatefulConsumer {
  const cache = new IdentityCache();
  const readClaims = createClaimReader(vault);
  const forgetting = createForgetting();
  const prepared = new Map<string, Prepared>();
  let rules: Promise<IdentityRules> | undefined;
  const readRules = () => (rules ??= loadIdentityRules(config));

  return {
    name: 'resolve',
    topics: ['touchpoints', 'identity-decisions'],
    lingerMs: 100,
    seesErased: true,
    prepare: async (batch, tx, isMute) => {
      if (batch.length === 0) return;
      const identityRules = await readRules();
      const readable = batch.filter(({ erased }) => !erased);
      const touchpoints = touchpointsOf(readable);
      const claims = await readClaims(touchpoints, identityRules);
      const present = claims.filter((claim) => claim !== undefined);
      const rulings = rulingsOf(readable, identityRules);
      const resolved = await resolveBatch(tx, { claims: present, rulings, isMute }, cache, identityRules);
      const erased = erasedOf(batch);
      touchpoints.forEach(({ record }, i) => claims[i] ?? erased.add(record));
      const [firstOffset, lastOffset] = [batch[0]!.record.offset, batch.at(-1)!.record.offset];
      prepared.set(partitionOf(batch), { ...resolved, erased, firstOffset, lastOffset });
    },
    handle: async (batch, tx, isMute) => {
      const { profiles, erased: erasedBefore, learn } = preparedFor(prepared, batch);
      const erased = erasedOf(batch, erasedBefore);
      learn();
      const outcomes = new Map<LogRecord, Outcome>(strangersOf(batch, await readRules()));
      const intake = new Intake();
      const fresh: TouchpointInput[] = [];
      for (const run of byDayAndPartition(touchpointsOf(batch))) {
        const messages = run.touchpoints.map(({ touchpoint }) => touchpoint);
        const repeated = await rememberMessages(tx, messages, run);
        for (const input of withoutRepeated(run.touchpoints, repeated, intake, outcomes)) fresh.push(input);
        await forgetting(tx, run);
      }
      const present = withoutErased(fresh, erased, intake, outcomes);
      const announced = await takeAnnouncements(tx, batch);
      await intake.store(tx);
      if (isMute) return { outcomes };
      const touchpoints = present.map((input) => profileTouchpoint(input, profiles.get(input.record.offset)!));
      return { outputs: [...announced, ...touchpoints], outcomes };
    },
  };
}

interface DayOfPartition {
  readonly logPartition: number;
  readonly receivedDay: number;
  readonly touchpoints: TouchpointInput[];
}

function partitionOf(batch: readonly InputRecord[]): string {
  const { topic, partition } = batch[0]!.record;
  return `${topic}/${partition}`;
}

function touchpointsOf(batch: readonly InputRecord[]): readonly TouchpointInput[] {
  const touchpoints: TouchpointInput[] = [];
  for (const { record, event } of batch) {
    if (event.name === 'touchpoint') touchpoints.push({ record, touchpoint: event.value });
  }
  return touchpoints;
}

function erasedOf(batch: readonly InputRecord[], before?: ReadonlySet<LogRecord>): Set<LogRecord> {
  const erased = new Set(before);
  for (const input of batch) if (input.erased) erased.add(input.record);
  return erased;
}

function rulingsOf(batch: readonly InputRecord[], rules: IdentityRules): readonly Observed[] {
  return batch.flatMap(({ record, event }) => {
    const ruling = event.name === 'identity-decided' ? rulingOf(record, event.value, rules) : undefined;
    return ruling ? [ruling] : [];
  });
}

/** Records that are of no use here. */
function strangersOf(batch: readonly InputRecord[], rules: IdentityRules): readonly (readonly [LogRecord, Outcome])[] {
  return batch.flatMap(({ record, event }) => {
    if (event.name === 'touchpoint') return [];
    if (event.name !== 'identity-decided') return [[record, { kind: 'dead-letter', reason: 'unexpected-event' }]];
    return rulingOf(record, event.value, rules)
      ? []
      : [[record, { kind: 'dead-letter', reason: 'decision-on-unknown-identifiers' }]];
  });
}

/** In log order, cut where the day or the partition changes: one run, but at midnight. */
function byDayAndPartition(inputs: readonly TouchpointInput[]): readonly DayOfPartition[] {
  const runs: DayOfPartition[] = [];
  for (const input of inputs) {
    const at = { logPartition: input.record.partition, receivedDay: receivedDay(input.touchpoint) };
    const last = runs.at(-1);
    if (last?.logPartition === at.logPartition && last.receivedDay === at.receivedDay) last.touchpoints.push(input);
    else runs.push({ ...at, touchpoints: [input] });
  }
  return runs;
}

function withoutRepeated(
  inputs: readonly TouchpointInput[],
  repeated: ReadonlyMap<number, Repeated>,
  intake: Intake,
  outcomes: Map<LogRecord, Outcome>,
): readonly TouchpointInput[] {
  if (repeated.size === 0) return inputs;
  return inputs.filter(({ record, touchpoint }, place) => {
    const first = repeated.get(place);
    if (!first) return true;
    intake.count(record, touchpoint, first.differs ? 'conflict' : 'duplicate');
    outcomes.set(record, { kind: 'skipped', reason: first.differs ? 'duplicate-conflict' : 'duplicate' });
    return false;
  });
}

/** Both transactions are given the same records, or the second one fewer: those of erased people come with the others. */
function preparedFor(prepared: Map<string, Prepared>, batch: readonly InputRecord[]): Prepared {
  const found = prepared.get(partitionOf(batch));
  prepared.delete(partitionOf(batch));
  if (!found || batch[0]!.record.offset < found.firstOffset || batch.at(-1)!.record.offset > found.lastOffset) {
    throw new RetriableError('a record of the batch was not prepared; it is prepared again');
  }
  return found;
}

function withoutErased(
  inputs: readonly TouchpointInput[],
  erased: ReadonlySet<LogRecord>,
  intake: Intake,
  outcomes: Map<LogRecord, Outcome>,
): readonly TouchpointInput[] {
  return inputs.filter(({ record, touchpoint }) => {
    const isErased = erased.has(record);
    intake.count(record, touchpoint, isErased ? 'erased' : 'resolved');
    if (isErased) outcomes.set(record, { kind: 'skipped', reason: 'erased' });
    return !isErased;
  });
}

/** The touchpoint, sealed as it came, under the profile of its person. */
function profileTouchpoint(
  { record, touchpoint }: TouchpointInput,
  { profileId, loneProfileId }: ResolvedProfile,
): Output {
  const value = { ...touchpoint, profileId, loneProfileId, logPartition: record.partition, logOffset: record.offset };
  return { topic: 'profile-touchpoints', name: 'profile-touchpoint', key: profileId, value, causedBy: record };
}

/** Once a day of a partition's log time, and once after a start. */
function createForgetting() {
  const done = new Map<number, number>();
  return async (tx: PoolClient, { logPartition, receivedDay: day }: DayOfPartition): Promise<void> => {
    if (day <= (done.get(logPartition) ?? -Infinity)) return;
    await forgetMessages(tx, logPartition, day - rememberedDays);
    done.set(logPartition, day);
  };
}
