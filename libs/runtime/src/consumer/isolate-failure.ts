import { EventLogUnavailableError, type LogRecord, type PartitionBatch } from '@rapport/event-log';
import { isRetriablePostgresError } from '@rapport/profile-db';
import { RetriableError, type Outcome } from './consumer.js';
import type { BatchToProcess, Processed } from './process-batch.js';

/** Whether doing the same again later may succeed. Everything else is a defect of the record or of the handler. */
export function isRetriable(error: unknown): boolean {
  return (
    error instanceof RetriableError || error instanceof EventLogUnavailableError || isRetriablePostgresError(error)
  );
}

export interface Isolation {
  readonly process: (work: BatchToProcess) => Promise<Processed>;
  /** Moves the position over one record that no attempt could handle, and keeps it as a dead letter. */
  readonly giveUp: (work: BatchToProcess, reason: string) => Promise<Processed>;
  readonly onDefect: (error: unknown, batch: PartitionBatch) => void;
}

/**
 * Processes a batch; where the handler fails for a reason that will not pass, halves it until the record at fault stands
 * alone and gives that one up, so that one bad record costs the batch log2(n) attempts and nothing else. Where the rest
 * fails for a reason that will pass, what is done is told, up to its position: the caller goes on from there, and may not
 * begin the batch again.
 */
export async function processIsolating(isolation: Isolation, work: BatchToProcess): Promise<Processed> {
  try {
    return await isolation.process(work);
  } catch (error) {
    if (isRetriable(error)) throw error;
    isolation.onDefect(error, work.batch);
    const { records } = work.batch;
    if (records.length <= 1) return isolation.giveUp(work, `handler-failed: ${errorName(error)}`);
    const middle = records.length >> 1;
    const boundary = records[middle]?.offset ?? work.batch.nextOffset;
    const first = await processIsolating(isolation, part(work, records.slice(0, middle), boundary));
    if (first.kind === 'fenced') return first;
    const rest = after(first.position, work);
    const second = await unlessItWillPass(processIsolating(isolation, rest));
    if (!second) return first;
    return second.kind === 'fenced' ? second : joined(first, second);
  }
}

/** What of a batch is left to do when it is done up to a position. */
export function after(position: number, { batch }: BatchToProcess): BatchToProcess {
  return { batch: { ...batch, records: batch.records.filter(({ offset }) => offset >= position) }, expected: position };
}

async function unlessItWillPass(processed: Promise<Processed>): Promise<Processed | undefined> {
  try {
    return await processed;
  } catch (error) {
    if (isRetriable(error)) return undefined;
    throw error;
  }
}

function part(work: BatchToProcess, records: readonly LogRecord[], nextOffset: number): BatchToProcess {
  return { ...work, batch: { ...work.batch, records, nextOffset } };
}

function joined(first: Processed & { kind: 'done' }, second: Processed & { kind: 'done' }): Processed {
  return {
    kind: 'done',
    position: second.position,
    outcomes: new Map<LogRecord, Outcome>([...first.outcomes, ...second.outcomes]),
    repeated: first.repeated + second.repeated,
  };
}

/** Class and code only: the message of a database error can quote the value at fault, which may be personal. */
function errorName(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? `${error.name} ${code}` : error.name;
}
