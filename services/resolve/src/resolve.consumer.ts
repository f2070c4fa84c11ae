import { rulesV1, toLogEvent } from '@rapport/identity';
import type { InputRecord, Outcome, Output, Platform, StatefulConsumer } from '@rapport/runtime';
import type { LogRecord } from '@rapport/event-log';
import type { PoolClient } from 'pg';
import { IdentityCache } from './identity-cache.js';
import { Intake } from './intake.store.js';
import { forgetMessages, receivedDay, rememberedDays, rememberMessages, type Repeated } from './messages.store.js';
import { createClaimReader, type Claim, type TouchpointInput } from './read-claims.js';
import { resolveClaims, type Resolved } from './resolve-claims.js';

/**
 * Gives every touchpoint its profile, once: reads `touchpoints`, drops messages seen before, and appends the rest to
 * `profile-touchpoints` with the bytes as they were sealed, and what it learned about identities to `identities`.
 */
export function resolveConsumer({ vault }: Pick<Platform, 'vault'>): StatefulConsumer {
  const cache = new IdentityCache();
  const readClaims = createClaimReader(vault, rulesV1);
  const forgetting = createForgetting();

  return {
    name: 'resolve',
    topics: ['touchpoints'],
    handle: async (batch, tx) => {
      const outcomes = new Map<LogRecord, Outcome>();
      const intake = new Intake();
      const fresh: TouchpointInput[] = [];
      for (const run of byDayAndPartition(touchpointsOf(batch, outcomes))) {
        const messages = run.touchpoints.map(({ touchpoint }) => touchpoint);
        const repeated = await rememberMessages(tx, messages, run);
        fresh.push(...withoutRepeated(run.touchpoints, repeated, intake, outcomes));
        await forgetting(tx, run);
      }
      const claims = present(await readClaims(fresh), fresh, intake, outcomes);
      const resolved = claims.length > 0 ? await resolveClaims(tx, claims, cache, rulesV1) : [];
      await intake.store(tx);
      return { outputs: resolved.flatMap(outputsOf), outcomes };
    },
  };
}

interface DayOfPartition {
  readonly logPartition: number;
  readonly receivedDay: number;
  readonly touchpoints: TouchpointInput[];
}

function touchpointsOf(batch: readonly InputRecord[], outcomes: Map<LogRecord, Outcome>): readonly TouchpointInput[] {
  return batch.flatMap(({ record, event }) => {
    if (event.name === 'touchpoint') return [{ record, touchpoint: event.value }];
    outcomes.set(record, { kind: 'dead-letter', reason: 'unexpected-event' });
    return [];
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

function present(
  claims: readonly (Claim | undefined)[],
  inputs: readonly TouchpointInput[],
  intake: Intake,
  outcomes: Map<LogRecord, Outcome>,
): readonly Claim[] {
  return claims.flatMap((claim, i) => {
    const input = inputs[i];
    if (!input) return [];
    intake.count(input.record, input.touchpoint, claim ? 'resolved' : 'erased');
    if (claim) return [claim];
    outcomes.set(input.record, { kind: 'skipped', reason: 'erased' });
    return [];
  });
}

/** What was learned about identities first, then the touchpoint, sealed as it came. */
function outputsOf({ claim: { record, touchpoint }, profileId, events }: Resolved): readonly Output[] {
  const learned = events.map((event): Output => {
    const entry = toLogEvent(event, touchpoint);
    return { topic: 'identities', ...entry, causedBy: record };
  });
  const value = {
    ...touchpoint,
    profileId,
    loneProfileId: profileId,
    logPartition: record.partition,
    logOffset: record.offset,
  };
  return [
    ...learned,
    { topic: 'profile-touchpoints', name: 'profile-touchpoint', key: profileId, value, causedBy: record },
  ];
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
