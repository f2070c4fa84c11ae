import { deriveId, type ProfileTouchpoint, type TimerFired } from '@rapport/events';
import type { LogRecord } from '@rapport/event-log';
import {
  cancelTimers,
  scheduleTimers,
  type InputRecord,
  type Outcome,
  type Output,
  type Platform,
  type StatefulConsumer,
  type Timer,
} from '@rapport/runtime';
import { movedBy, type ProfilesMoved } from '@rapport/profile-db';
import { isPurchase, purchaseFrom, rfmCell, type ScoreDefinition } from '@rapport/scoring';
import type { PoolClient } from 'pg';
import { loadScores } from './load-scores.js';
import {
  announceScores,
  recomputeRfm,
  recordMoves,
  recordPurchases,
  wishRecomputations,
  type RecordedPurchase,
} from './score.store.js';

/** Scores announced in one transaction; the rest follows by another timer. */
const announcedAtOnce = 5000;

type Stage = 'recompute' | 'recompute-all' | 'announce';

/**
 * Keeps the scores of all customers.
 *
 * | topic | what it means here |
 * |---|---|
 * | profile-touchpoints | an order or refund is written down, and a recomputation asked for |
 * | identities | profiles are one person, or one no more: a recomputation is asked for |
 * | timers `recompute` | everybody is ranked and changes are written down |
 * | erasures | somebody is gone: everybody is ranked anew without them |
 * | timers `announce` | changes that are written down are appended to `scores` |
 *
 * Two steps, because what is appended must be the same when it is computed again after a crash, and orders go on coming
 * in meanwhile: the ranking is committed first and announced from what was committed.
 */
export async function scoreConsumer(platform: Pick<Platform, 'config' | 'vault'>): Promise<StatefulConsumer> {
  return scoreConsumerOf(await loadScores(platform.config), platform);
}

export function scoreConsumerOf(
  definitions: readonly ScoreDefinition[],
  { vault }: Pick<Platform, 'vault'>,
): StatefulConsumer {
  return {
    name: 'score',
    topics: ['profile-touchpoints', 'identities', 'timers', 'erasures'],
    lingerMs: 500,
    handle: async (batch, tx) => {
      const { purchases, changedAt, outcomes } = await readPurchases(batch, vault);
      const moves = batch.flatMap((input) => moveOf(input, changedAt) ?? []);
      await recordPurchases(tx, purchases);
      await recordMoves(tx, [...purchases.flatMap(impliedMove), ...moves]);
      await askForRecomputations(definitions, changedAt, tx);
      await scheduleTimers(
        tx,
        batch.flatMap((input) => afterErasure(definitions, input)),
      );
      const outputs: Output[] = [];
      for (const { record, event } of batch) {
        if (event.name === 'timer-fired') outputs.push(...(await onTimer(definitions, event.value, record, tx)));
      }
      return { outputs, outcomes };
    },
  };
}

/** The earliest log time of a change, by workspace. */
type ChangedAt = Map<string, number>;

async function readPurchases(batch: readonly InputRecord[], vault: Platform['vault']) {
  const found: { record: LogRecord; touchpoint: ProfileTouchpoint }[] = [];
  for (const { record, event } of batch) {
    if (event.name !== 'profile-touchpoint') continue;
    if (event.value.type === 'track' && isPurchase(event.value.event)) found.push({ record, touchpoint: event.value });
  }
  const opened = found.length === 0 ? [] : await vault.openTouchpoints(found.map(({ touchpoint }) => touchpoint));
  const purchases: RecordedPurchase[] = [];
  const outcomes = new Map<LogRecord, Outcome>();
  const changedAt: ChangedAt = new Map();
  found.forEach(({ record, touchpoint }, i) => {
    const content = opened[i]?.content;
    const purchase = content && purchaseFrom(touchpoint.event ?? '', content.properties, touchpoint.messageId);
    if (purchase === undefined) {
      outcomes.set(record, { kind: 'skipped', reason: 'erased' });
      return;
    }
    const { workspaceId, loneProfileId: profileId, profileId: livesIn, timestamp, receivedAt } = touchpoint;
    const { logPartition, logOffset } = touchpoint;
    const about = { workspaceId, profileId, livesIn, timestamp, receivedAt, logPartition, logOffset };
    purchases.push({ ...purchase, ...about });
    noteChange(changedAt, workspaceId, receivedAt);
  });
  return { purchases, outcomes, changedAt };
}

function moveOf({ event, record }: InputRecord, changedAt: ChangedAt): ProfilesMoved | undefined {
  if (event.name !== 'profiles-merged' && event.name !== 'profiles-split') return undefined;
  noteChange(changedAt, event.value.workspaceId, record.appendedAt);
  return movedBy(event, record.appendedAt);
}

/** Where a lone profile lived when it bought: what counts as long as no merge or split has said more. */
function impliedMove({ workspaceId, profileId, livesIn }: RecordedPurchase): readonly ProfilesMoved[] {
  return livesIn === profileId ? [] : [{ workspaceId, to: livesIn, profileIds: [profileId], sequence: 0 }];
}

function noteChange(changedAt: ChangedAt, workspaceId: string, at: number): void {
  changedAt.set(workspaceId, Math.min(at, changedAt.get(workspaceId) ?? at));
}

async function askForRecomputations(
  definitions: readonly ScoreDefinition[],
  changedAt: ChangedAt,
  tx: PoolClient,
): Promise<void> {
  const wishes = [...changedAt].flatMap(([workspaceId, at]) =>
    definitions.map(({ id, recomputeAfterMs }) => ({ workspaceId, scoreId: id, dueAt: at + recomputeAfterMs })),
  );
  const asked = await wishRecomputations(tx, wishes);
  await scheduleTimers(
    tx,
    asked.map(({ workspaceId, scoreId, dueAt }) => timerFor('recompute', workspaceId, scoreId, dueAt)),
  );
}

/** Scores are relative: without one person the others' are not the same. */
function afterErasure(definitions: readonly ScoreDefinition[], { event, record }: InputRecord): readonly Timer[] {
  if (event.name !== 'erasure-completed') return [];
  const { workspaceId, erasureId } = event.value;
  return definitions.map(({ id }) => timerFor('recompute-all', workspaceId, id, record.appendedAt, erasureId));
}

function timerFor(
  stage: Stage,
  workspaceId: string,
  scoreId: string,
  dueAt: number,
  ...occasion: readonly string[]
): Timer {
  const timerId = deriveId('score-timer', workspaceId, scoreId, stage, ...occasion);
  return { workspaceId, owner: 'score', timerId, profileId: null, purpose: `${stage}/${scoreId}`, dueAt };
}

async function onTimer(
  definitions: readonly ScoreDefinition[],
  timer: TimerFired,
  causedBy: LogRecord,
  tx: PoolClient,
): Promise<readonly Output[]> {
  const [stage, scoreId] = timer.purpose.split('/');
  const { workspaceId, firedAt } = timer;
  if (timer.owner !== 'score' || !definitions.some(({ id }) => id === scoreId) || scoreId === undefined) return [];
  if (stage === 'recompute' || stage === 'recompute-all') {
    // A replay sets it again when it meets the erasure; it has fired.
    if (stage === 'recompute-all') await cancelTimers(tx, 'score', [timer.timerId]);
    const causeId = `${timer.timerId}/${timer.dueAt}`;
    const changed = await recomputeRfm(tx, {
      workspaceId,
      scoreId,
      computedAt: firedAt,
      causeId,
      all: stage === 'recompute-all',
    });
    if (changed) await scheduleTimers(tx, [timerFor('announce', workspaceId, scoreId, firedAt)]);
    return [];
  }
  if (stage !== 'announce') return [];
  const scores = await announceScores(tx, workspaceId, scoreId, announcedAtOnce);
  if (scores.length === announcedAtOnce) {
    await scheduleTimers(tx, [timerFor('announce', workspaceId, scoreId, firedAt)]);
  }
  return scores.map(({ profile_id: profileId, computed_at: computedAt, cause_id: causeId, ...row }) => {
    const components = { recency: row.recency, frequency: row.frequency, monetary: row.monetary };
    const value = { workspaceId, profileId, scoreId, value: rfmCell(row), components, computedAt, causeId };
    return { topic: 'scores', name: 'score-changed', key: profileId, value, causedBy } as const;
  });
}
