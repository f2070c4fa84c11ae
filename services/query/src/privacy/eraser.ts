import { setTimeout as pause } from 'node:timers/promises';
import { topicNames } from '@rapport/events';
import { inTransaction, loadSql } from '@rapport/profile-db';
import { completeErasure, type Platform } from '@rapport/runtime';
import type { PoolClient } from 'pg';
import { certificateKey, certificateOf, signCertificate } from './certificate.js';
import type { Erasure, ErasureStep, Finding } from './erasure.js';
import { noteProgress } from './erasure.store.js';
import { findPositions, type LogPosition } from './person.js';
import { purgeClickHouse, surveyClickHouse } from './stores/clickhouse.purge.js';
import { adjustIntake } from './stores/intake.js';
import { checkLog, compactKeys } from './stores/log.check.js';
import { purgePostgres, readPersonalTables, storeOf, surveyPostgres } from './stores/postgres.purge.js';
import { scrubPostgres } from './stores/postgres.scrub.js';

const consumersBehind = loadSql(import.meta.url, 'consumers-behind');

const drainPollMs = 100;
/** Somebody who goes on sending while being erased is given new keys; so often these are destroyed too. */
const mostRounds = 3;

type EraserParts = Omit<Platform, 'metrics' | 'health'>;

/**
 * Erases one person whose erasure is registered: every consumer passes over their records from then on. Each step may be
 * done again, so an erasure that was cut off anywhere is begun anew and ends the same. Errors: whatever a store says; nothing
 * is lost by trying again later.
 */
export async function erase(platform: EraserParts, erasure: Erasure, signal: AbortSignal): Promise<void> {
  const findings = new Map(erasure.findings.map((finding) => [finding.store, finding]));
  const note = async (step: ErasureStep, found: readonly Finding[] = []): Promise<void> => {
    for (const finding of found) findings.set(finding.store, joined(findings.get(finding.store), finding));
    await noteProgress(platform.postgres, { erasureId: erasure.erasureId, step, findings: [...findings.values()] });
    signal.throwIfAborted();
  };
  const destroyed = await destroyKeys(platform, erasure, note);
  await note('letting consumers pass');
  await drain(platform, signal);
  const positions = await takeOut(platform, erasure, note);
  await note('waiting for cached keys to expire');
  const keys = await destroyLaterKeys(platform, erasure, destroyed, signal);
  await note('looking through the log', [keys]);
  await note('purging PostgreSQL', await checkLog(platform, erasure, positions));
  // Once more, for what a batch from before the request brought after all.
  await note('purging PostgreSQL', await survey(platform, erasure));
  await note('purging ClickHouse', await purgePostgres(platform.postgres, erasure));
  await note('rewriting files', await purgeClickHouse(platform, erasure));
  await note('rewriting files', await rewriteFiles(platform, findings));
  const stores = [...findings.values()];
  const left = stores.filter((finding) => finding.left > 0);
  if (left.length > 0) throw new Error(`something is left in ${left.map(({ store }) => store).join(', ')}`);
  await complete(platform, erasure, stores);
}

type Note = (step: ErasureStep, found?: readonly Finding[]) => Promise<void>;

interface Destroyed {
  readonly keys: number;
  /** When no process holds any of them any more, milliseconds since the epoch. */
  readonly expired: number;
}

async function destroyKeys(
  { vault, config, clock }: EraserParts,
  { workspaceId, subjectIds }: Erasure,
  note: Note,
): Promise<Destroyed> {
  await note('destroying keys');
  const keys = await vault.eraseSubjects(workspaceId, subjectIds);
  return { keys, expired: clock() + config.keyCacheMs };
}

/** Ends when no process can hold a key of the person any more. */
async function destroyLaterKeys(
  { vault, config, clock }: EraserParts,
  { workspaceId, subjectIds }: Erasure,
  first: Destroyed,
  signal: AbortSignal,
): Promise<Finding> {
  let removed = first.keys;
  let { expired } = first;
  const expiry = async (): Promise<void> => {
    while (clock() < expired) await pause(Math.min(500, Math.max(1, expired - clock())), undefined, { signal });
  };
  await expiry();
  for (let round = 1; round < mostRounds; round += 1) {
    const destroyed = await vault.eraseSubjects(workspaceId, subjectIds);
    if (destroyed === 0) break;
    removed += destroyed;
    expired = clock() + config.keyCacheMs;
    await expiry();
  }
  return { store: 'event log keys of the person', removed, left: 0 };
}

/**
 * Takes the person out of what analysts and operators read, at once, while keys are still waited for. What there was is
 * counted and noted first: after a crash in the middle nobody could say any more. Gives where their touchpoints stand.
 */
async function takeOut(platform: EraserParts, erasure: Erasure, note: Note): Promise<readonly LogPosition[]> {
  const positions = await findPositions(platform, erasure);
  await note('taking out of tables', await checkLog(platform, erasure, positions));
  await note('taking out of tables', await survey(platform, erasure));
  await adjustIntake(platform, erasure);
  await note('taking out of tables', await purgePostgres(platform.postgres, erasure));
  await note('taking out of tables', await purgeClickHouse(platform, erasure));
  return positions;
}

async function survey(platform: EraserParts, erasure: Erasure): Promise<readonly Finding[]> {
  return [...(await surveyPostgres(platform.postgres, erasure)), ...(await surveyClickHouse(platform, erasure))];
}

/** Until every consumer has committed what stood on the log when it began to pass over the person. */
async function drain({ eventLog, postgres }: EraserParts, signal: AbortSignal): Promise<void> {
  const ends = (await Promise.all(topicNames.map((topic) => eventLog.bounds(topic)))).flat();
  const values = [ends.map(({ topic }) => topic), ends.map(({ partition }) => partition), ends.map(({ high }) => high)];
  for (;;) {
    const { rows } = await postgres.query(consumersBehind, values);
    if (rows.length === 0) return;
    await pause(drainPollMs, undefined, { signal });
  }
}

async function rewriteFiles(
  platform: EraserParts,
  findings: ReadonlyMap<string, Finding>,
): Promise<readonly Finding[]> {
  const tables = (await readPersonalTables(platform.postgres)).map(({ table }) => table);
  const touched = tables.filter((table) => (findings.get(storeOf(table))?.removed ?? 0) > 0);
  return [...(await scrubPostgres(platform.postgres, touched)), await compactKeys(platform)];
}

/**
 * Nobody handles a batch while the cuts are taken, because every consumer reads the locked table first: what stands before
 * them is passed over for ever, what comes behind them belongs to a new person.
 */
async function complete(platform: EraserParts, erasure: Erasure, stores: readonly Finding[]): Promise<void> {
  const { eventLog, codec, clock, config } = platform;
  const key = certificateKey(config.secrets.hashKey);
  await inTransaction(platform.postgres, async (tx: PoolClient) => {
    await tx.query('LOCK TABLE privacy.epoch IN ACCESS EXCLUSIVE MODE');
    const ends = (await Promise.all(topicNames.map((topic) => eventLog.bounds(topic)))).flat();
    const completedAt = clock();
    const completed = {
      workspaceId: erasure.workspaceId,
      erasureId: erasure.erasureId,
      cuts: Object.fromEntries(ends.map(({ topic, partition, high }) => [`${topic}/${partition}`, high])),
      certificate: await signCertificate(key, certificateOf(erasure, stores, completedAt)),
      completedAt,
    };
    await eventLog.append([
      { topic: 'erasures', key: erasure.erasureId, value: codec.encode('erasure-completed', completed) },
    ]);
    await completeErasure(tx, completed);
  });
}

/** What was found once was there, however often an erasure that was cut off is begun again. */
function joined(before: Finding | undefined, now: Finding): Finding {
  return before === undefined ? now : { ...now, removed: Math.max(before.removed, now.removed) };
}
