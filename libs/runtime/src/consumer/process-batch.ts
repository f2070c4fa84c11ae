import type { EventCodec, EventLog, LogRecord, PartitionBatch, RecordToAppend } from '@rapport/event-log';
import { inTransaction } from '@rapport/profile-db';
import type { Pool, PoolClient } from 'pg';
import { ErasedPeople } from '../erasure/erased-people.js';
import {
  RetriableError,
  type InputRecord,
  type Outcome,
  type StatefulConsumer,
  type TokenizedConsumer,
} from './consumer.js';
import { decodeBatch, type DecodedBatch } from './decode-batch.js';
import { toDeadLetter, toRecords } from './outputs.js';
import { dropPassedOrigins } from './passed-origins.js';
import { lockPosition, planBatch, storePosition, type Position } from './positions.js';
import { appendKept, decodeRecords, encodeRecords, toPrecede } from './unappended.js';

export interface ProcessingParts {
  readonly eventLog: EventLog;
  readonly codec: EventCodec;
  readonly postgres: Pool;
}

export type Processed =
  | {
      readonly kind: 'done';
      readonly position: number;
      readonly outcomes: ReadonlyMap<LogRecord, Outcome>;
      readonly repeated: number;
    }
  /** Somebody else moved the position; nothing was done. */
  | { readonly kind: 'fenced'; readonly position: number };

export interface BatchToProcess {
  readonly batch: PartitionBatch;
  /** Where this member believes the consumer stands; a different stored position fences it. */
  readonly expected: number;
}

/**
 * Effect, outputs and position of one batch. What it says is committed with what it did and appended afterwards, so that
 * it is decided once: a repetition could come out otherwise, as others may have changed the same people meanwhile. A
 * consumer that prepares has decided before, and appends before it commits.
 */
export async function processStateful(
  consumer: StatefulConsumer,
  parts: ProcessingParts,
  work: BatchToProcess,
): Promise<Processed> {
  const fenced = consumer.prepare && (await prepareBatch(consumer, consumer.prepare, parts, work));
  if (fenced) return fenced;
  const { processed, unappended } = await inTransaction(parts.postgres, (tx) => handleBatch(consumer, parts, work, tx));
  if (unappended.length > 0) {
    const { topic, partition } = work.batch;
    await appendKept(parts, consumer.name, { topic, partition, position: processed.position, records: unappended });
  }
  return processed;
}

async function prepareBatch(
  consumer: StatefulConsumer,
  prepare: NonNullable<StatefulConsumer['prepare']>,
  { codec, postgres }: ProcessingParts,
  { batch, expected }: BatchToProcess,
): Promise<Processed | undefined> {
  return inTransaction(postgres, async (tx) => {
    const stored = await lockPosition(tx, consumer.name, batch);
    refuseWhileHeld(stored.held);
    if (stored.position !== expected) return { kind: 'fenced', position: stored.position };
    const decoded = await passOverErased(consumer, decodeBatch(notBefore(batch.records, expected), codec), (inputs) =>
      erasedPeople(postgres).among(tx, stored.erasureEpoch, batch, inputs, consumer.peopleOf),
    );
    await prepare(decoded.inputs, tx, isMute(batch, stored));
    return undefined;
  });
}

/** `emitted` only ever grows: what is prepared mute is handled mute. */
function isMute({ nextOffset }: PartitionBatch, { emitted }: Position): boolean {
  return nextOffset <= emitted;
}

interface HandledBatch {
  readonly processed: Processed;
  readonly unappended: readonly RecordToAppend[];
}

async function handleBatch(
  consumer: StatefulConsumer,
  { eventLog, codec, postgres }: ProcessingParts,
  { batch, expected }: BatchToProcess,
  tx: PoolClient,
): Promise<HandledBatch> {
  const stored = await lockPosition(tx, consumer.name, batch);
  refuseWhileHeld(stored.held);
  if (stored.position !== expected) {
    const unappended = stored.unappended ? decodeRecords(stored.unappended) : [];
    return { processed: { kind: 'fenced', position: stored.position }, unappended };
  }
  const { fresh, repeated, passed } = dropPassedOrigins(notBefore(batch.records, expected), stored.origins);
  const decoded = await passOverErased(consumer, decodeBatch(fresh, codec), (inputs) =>
    erasedPeople(postgres).among(tx, stored.erasureEpoch, batch, inputs, consumer.peopleOf),
  );
  const result = decoded.inputs.length > 0 ? await consumer.handle(decoded.inputs, tx, isMute(batch, stored)) : {};
  const outcomes = new Map([...decoded.outcomes, ...(result.outcomes ?? [])]);
  const own = [
    ...toRecords(consumer.name, result.outputs ?? [], stored.emitted, codec),
    ...deadLetters(consumer.name, outcomes, stored.emitted),
  ];
  const next = { position: batch.nextOffset, origins: passed };
  const processed = { kind: 'done', position: next.position, outcomes, repeated: repeated.length } as const;
  if (own.length === 0 || consumer.prepare) {
    if (own.length > 0) await eventLog.append(own);
    await storePosition(tx, consumer.name, batch, next);
    return { processed, unappended: [] };
  }
  const unappended = [...(await toPrecede(tx, consumer.name, own)), ...own];
  // What has been said cannot be decided again, so it may not be lost with a killed database either.
  await tx.query('SET LOCAL synchronous_commit = on');
  await storePosition(tx, consumer.name, batch, { ...next, unappended: encodeRecords(unappended) });
  return { processed, unappended };
}

/**
 * For an effect outside PostgreSQL: the range is written down before it is applied, and applied under a token that names
 * it. After a crash the same range is cut again, so that the token makes the repetition harmless.
 */
export async function processTokenized(
  consumer: TokenizedConsumer,
  { eventLog, codec, postgres }: ProcessingParts,
  { batch, expected }: BatchToProcess,
): Promise<Processed> {
  const plan = await inTransaction(postgres, async (tx) => {
    // The one commit that may not be lost with a killed database: the range could be cut otherwise afterwards.
    await tx.query('SET LOCAL synchronous_commit = on');
    const stored = await lockPosition(tx, consumer.name, batch);
    refuseWhileHeld(stored.held);
    if (stored.position !== expected) return { kind: 'fenced' as const, position: stored.position };
    const until = stored.plannedUntil ?? batch.nextOffset;
    if (stored.plannedUntil === undefined) await planBatch(tx, consumer.name, batch, until);
    return { kind: 'planned' as const, until, stored };
  });
  if (plan.kind === 'fenced') return plan;
  const { until, stored } = plan;
  const records = await cutAt(eventLog, batch, expected, until);
  const { fresh, repeated, passed } = dropPassedOrigins(records, stored.origins);
  const decoded = await passOverErased(consumer, decodeBatch(fresh, codec), (inputs) =>
    erasedPeople(postgres).among(postgres, stored.erasureEpoch, batch, inputs),
  );
  const token = `${consumer.name}/${batch.topic}/${batch.partition}/${expected}-${until}`;
  const applied =
    decoded.inputs.length > 0 ? await consumer.apply(decoded.inputs, token) : new Map<LogRecord, Outcome>();
  const outcomes = new Map([...decoded.outcomes, ...applied]);
  return inTransaction(postgres, async (tx) => {
    const now = await lockPosition(tx, consumer.name, batch);
    if (now.position !== expected) return { kind: 'fenced', position: now.position };
    const toAppend = deadLetters(consumer.name, outcomes, stored.emitted);
    if (toAppend.length > 0) await eventLog.append(toAppend);
    await storePosition(tx, consumer.name, batch, { position: until, origins: passed });
    return { kind: 'done', position: until, outcomes, repeated: repeated.length };
  });
}

const knownErasures = new WeakMap<Pool, ErasedPeople>();

/** Consumers of one process share what they know of erasures. */
function erasedPeople(postgres: Pool): ErasedPeople {
  const known = knownErasures.get(postgres) ?? new ErasedPeople();
  knownErasures.set(postgres, known);
  return known;
}

async function passOverErased(
  consumer: StatefulConsumer | TokenizedConsumer,
  { inputs, outcomes }: DecodedBatch,
  find: (inputs: readonly InputRecord[]) => Promise<ReadonlySet<InputRecord>>,
): Promise<DecodedBatch> {
  const erased = await find(inputs);
  if (erased.size === 0) return { inputs, outcomes };
  if ('seesErased' in consumer && consumer.seesErased) {
    return { inputs: inputs.map((input) => (erased.has(input) ? { ...input, erased: true } : input)), outcomes };
  }
  const skipped = [...erased].map(({ record }) => [record, { kind: 'skipped', reason: 'erased' }] as const);
  return {
    inputs: inputs.filter((input) => !erased.has(input)),
    outcomes: new Map<LogRecord, Outcome>([...outcomes, ...skipped]),
  };
}

function refuseWhileHeld(isHeld: boolean): void {
  if (isHeld) throw new RetriableError('a replay is rebuilding this consumer; it goes on afterwards');
}

function notBefore(records: readonly LogRecord[], offset: number): readonly LogRecord[] {
  return records[0] === undefined || records[0].offset >= offset
    ? records
    : records.filter((record) => record.offset >= offset);
}

async function cutAt(log: EventLog, batch: PartitionBatch, from: number, until: number): Promise<readonly LogRecord[]> {
  if (batch.nextOffset >= until) {
    return notBefore(batch.records, from).filter((record) => record.offset < until);
  }
  const records: LogRecord[] = [];
  for await (const chunk of log.read({ topic: batch.topic, partition: batch.partition, from, to: until })) {
    records.push(...chunk);
  }
  return records;
}

function deadLetters(consumer: StatefulConsumer['name'], outcomes: ReadonlyMap<LogRecord, Outcome>, emitted: number) {
  return [...outcomes]
    .sort(([a], [b]) => a.offset - b.offset)
    .flatMap(([record, outcome]) =>
      outcome.kind === 'dead-letter' && record.offset >= emitted
        ? [toDeadLetter(consumer, record, outcome.reason)]
        : [],
    );
}
