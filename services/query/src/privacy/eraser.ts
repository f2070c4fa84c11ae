import { setTimeout as pause } from 'node:timers/promises';
import { topicNames, type ErasureCompleted } from '@rapport/events';
import { inTransaction, loadSql } from '@rapport/profile-db';
import { completeErasure, type Platform } from '@rapport/runtime';
import type { PoolClient } from 'pg';
import { certificateKey, certificateOf, signCertificate } from './certificate.js';
import type { Erasure, ErasureStep, Finding } from './erasure.js';
import { ErasureRound, type Failures, type Member } from './erasure-round.js';
import { noteProgress } from './erasure.store.js';
import { findPositions } from './person.js';
import { purgeClickHouse, surveyClickHouse } from './stores/clickhouse.purge.js';
import { adjustIntake } from './stores/intake.js';
import { checkRefused, checkTouchpoints, compactKeys } from './stores/log.check.js';
import { purgePostgres, readPersonalTables, storeOf, surveyPostgres } from './stores/postgres.purge.js';
import { pagesOf, scrubPostgres } from './stores/postgres.scrub.js';

const consumersBehind = loadSql(import.meta.url, 'consumers-behind');

const drainPollMs = 100;
/** Somebody who goes on sending while being erased is given new keys; so often keys are destroyed in all. */
const mostTimes = 3;

type EraserParts = Omit<Platform, 'metrics' | 'health'>;

export interface ErasureWork {
  readonly signal: AbortSignal;
  /** Resolves after so many milliseconds; rejects when the signal says so. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What the steps work on. */
interface Work extends Required<ErasureWork> {
  readonly platform: EraserParts;
  readonly round: ErasureRound;
  /** When no process holds any of the keys that were destroyed any more, milliseconds since the epoch. */
  keysExpire: number;
}

/**
 * Erases people whose erasure is registered, and who have no ids in common: every consumer passes over their records from then
 * on. They go through the steps side by side and wait together. Each step may be done again, so an erasure that was cut off
 * anywhere is begun anew and ends the same. Gives why some were left behind; nothing is lost by trying these again later. Errors:
 * what stops all of them.
 */
export async function erase(
  platform: EraserParts,
  erasures: readonly Erasure[],
  { signal, sleep = (ms) => pause(ms, undefined, { signal }) }: ErasureWork,
): Promise<Failures> {
  const round = new ErasureRound(erasures, signal);
  const work: Work = { platform, round, signal, sleep, keysExpire: 0 };
  for (const step of [destroyKeys, drain, takeOut, destroyLaterKeys, lookThrough, rewriteFiles, complete]) {
    if (round.members.length > 0) await step(work);
  }
  return round.failures;
}

async function destroyKeys(work: Work): Promise<void> {
  const { platform, round } = work;
  await round.forEach(async (member) => {
    await note(platform, [member], 'destroying keys');
    await destroyKeysOf(platform, member);
  });
  work.keysExpire = platform.clock() + platform.config.keyCacheMs;
}

async function destroyKeysOf({ vault }: EraserParts, member: Member): Promise<number> {
  const { workspaceId, subjectIds } = member.erasure;
  const destroyed = await vault.eraseSubjects(workspaceId, subjectIds);
  member.destroyedKeys += destroyed;
  return destroyed;
}

/** Until every consumer has committed what stood on the log when it began to pass over the people. */
async function drain({ platform, round, signal, sleep }: Work): Promise<void> {
  const { eventLog, postgres } = platform;
  await round.together((members) => note(platform, members, 'letting consumers pass'));
  const ends = (await Promise.all(topicNames.map((topic) => eventLog.bounds(topic)))).flat();
  const values = [ends.map(({ topic }) => topic), ends.map(({ partition }) => partition), ends.map(({ high }) => high)];
  for (;;) {
    const { rows } = await postgres.query(consumersBehind, values);
    if (rows.length === 0) return;
    await sleep(drainPollMs, signal);
  }
}

/**
 * Takes the people out of what analysts and operators read, at once, while keys are still waited for. What there was is
 * counted and noted first: after a crash in the middle nobody could say any more.
 */
async function takeOut({ platform, round }: Work): Promise<void> {
  await round.forEach(async (member) => {
    member.positions = await findPositions(platform, member.erasure);
  });
  await checkLog(platform, round, 'taking out of tables');
  await survey(platform, round, 'taking out of tables');
  await round.forEach(({ erasure }) => adjustIntake(platform, erasure));
  await purge(platform, round, { postgres: 'taking out of tables', clickhouse: 'taking out of tables' });
}

/** Ends when no process can hold a key of the people any more. */
async function destroyLaterKeys(work: Work): Promise<void> {
  const { platform, round } = work;
  await round.together((members) => note(platform, members, 'waiting for cached keys to expire'));
  await outwaitKeys(work);
  for (let times = 1; times < mostTimes; times += 1) {
    let destroyed = 0;
    await round.forEach(async (member) => {
      destroyed += await destroyKeysOf(platform, member);
    });
    if (destroyed === 0) break;
    work.keysExpire = platform.clock() + platform.config.keyCacheMs;
    await outwaitKeys(work);
  }
  await round.together((members) =>
    note(
      platform,
      members,
      'looking through the log',
      members.map(({ destroyedKeys: removed }) => [{ store: 'event log keys of the person', removed, left: 0 }]),
    ),
  );
}

async function outwaitKeys({ platform: { clock }, keysExpire, signal, sleep }: Work): Promise<void> {
  while (clock() < keysExpire) await sleep(keysExpire - clock(), signal);
}

/** Once more, for what a batch from before the request brought after all. */
async function lookThrough({ platform, round }: Work): Promise<void> {
  await checkLog(platform, round, 'purging PostgreSQL');
  await survey(platform, round, 'purging PostgreSQL');
  await purge(platform, round, { postgres: 'purging ClickHouse', clickhouse: 'rewriting files' });
}

async function checkLog(platform: EraserParts, round: ErasureRound, next: ErasureStep): Promise<void> {
  await round.forEach(async (member) => {
    await note(platform, [member], next, [[await checkTouchpoints(platform, member.erasure, member.positions)]]);
  });
  await round.together(async (members) => note(platform, members, next, await checkRefused(platform, people(members))));
}

async function survey(platform: EraserParts, round: ErasureRound, next: ErasureStep): Promise<void> {
  await round.together(async (members) => {
    await note(platform, members, next, await surveyPostgres(platform.postgres, people(members)));
    await note(platform, members, next, await surveyClickHouse(platform, people(members)));
  });
}

/** `next` is what is noted as the step under way once a store is purged. */
async function purge(
  platform: EraserParts,
  round: ErasureRound,
  next: { readonly postgres: ErasureStep; readonly clickhouse: ErasureStep },
): Promise<void> {
  await round.together(async (members) =>
    note(platform, members, next.postgres, await purgePostgres(platform.postgres, people(members))),
  );
  await round.together(async (members) =>
    note(platform, members, next.clickhouse, await purgeClickHouse(platform, people(members))),
  );
}

/** Once for all of them; each is told of the tables that held something of theirs. */
async function rewriteFiles({ platform, round }: Work): Promise<void> {
  const tables = (await readPersonalTables(platform.postgres)).map(({ table }) => table);
  const touched = ({ findings }: Member): readonly string[] =>
    tables.filter((table) => (findings.get(storeOf(table))?.removed ?? 0) > 0);
  const scrubbed = await scrubPostgres(platform.postgres, [...new Set(round.members.flatMap(touched))]);
  const keys = await compactKeys(platform);
  await round.together((members) => {
    const found = members.map((member) => {
      const others = new Set(tables.filter((table) => !touched(member).includes(table)).map(pagesOf));
      return [...scrubbed.filter(({ store }) => !others.has(store)), keys];
    });
    return note(platform, members, 'rewriting files', found);
  });
}

/**
 * Nobody handles a batch while the cuts are taken, because every consumer reads the locked table first: what stands before
 * them is passed over for ever, what comes behind them belongs to a new person.
 */
async function complete({ platform, round }: Work): Promise<void> {
  const { eventLog, codec, clock, config } = platform;
  const completedAt = clock();
  const certificates = new Map<Member, string>();
  await round.forEach(async (member) => {
    certificates.set(member, await certify(config.secrets.hashKey, member, completedAt));
  });
  if (round.members.length === 0) return;
  await inTransaction(platform.postgres, async (tx: PoolClient) => {
    await tx.query('LOCK TABLE privacy.epoch IN ACCESS EXCLUSIVE MODE');
    const ends = (await Promise.all(topicNames.map((topic) => eventLog.bounds(topic)))).flat();
    const cuts = Object.fromEntries(ends.map(({ topic, partition, high }) => [`${topic}/${partition}`, high]));
    const completed = round.members.map((member): ErasureCompleted => {
      const { workspaceId, erasureId } = member.erasure;
      return { workspaceId, erasureId, cuts, certificate: certificates.get(member) ?? '', completedAt };
    });
    await eventLog.append(
      completed.map((each) => ({
        topic: 'erasures',
        key: each.erasureId,
        value: codec.encode('erasure-completed', each),
      })),
    );
    for (const each of completed) await completeErasure(tx, each);
  });
}

/** Errors: where anything of the person is left. */
async function certify(hashKey: Uint8Array, { erasure, findings }: Member, completedAt: number): Promise<string> {
  const stores = [...findings.values()];
  const left = stores.filter((finding) => finding.left > 0);
  if (left.length > 0) throw new Error(`something is left in ${left.map(({ store }) => store).join(', ')}`);
  return signCertificate(certificateKey(hashKey), certificateOf(erasure, stores, completedAt));
}

function people(members: readonly Member[]): readonly Erasure[] {
  return members.map(({ erasure }) => erasure);
}

/** `found` by member, in their order. */
async function note(
  { postgres }: Pick<EraserParts, 'postgres'>,
  members: readonly Member[],
  step: ErasureStep,
  found: readonly (readonly Finding[])[] = [],
): Promise<void> {
  for (const [index, { erasure, findings }] of members.entries()) {
    for (const finding of found[index] ?? []) findings.set(finding.store, joined(findings.get(finding.store), finding));
    await noteProgress(postgres, { erasureId: erasure.erasureId, step, findings: [...findings.values()] });
  }
}

/** What was found once was there, however often an erasure that was cut off is begun again. */
function joined(before: Finding | undefined, now: Finding): Finding {
  return before === undefined ? now : { ...now, removed: Math.max(before.removed, now.removed) };
}
