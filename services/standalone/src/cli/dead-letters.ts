import { type LogRecord } from '@rapport/event-log';
import { CommandError } from './command-error.js';
import { type DataDirOption } from './data-dir.js';
import { withPlatform } from './with-platform.js';

/** A dead letter without its bytes, which may be anything. */
export interface DeadLetter {
  /** Position on the topic `dead-letters`, as `partition:offset`. */
  readonly id: string;
  readonly consumer: string;
  readonly reason: string;
  /** Where the record stood, as `topic partition:offset`. */
  readonly stoodAt: string;
  readonly appendedAt: string;
  readonly bytes: number;
}

/** All of them, oldest first. */
export function readDeadLetters(options: DataDirOption): Promise<DeadLetter[]> {
  return withPlatform(options, async ({ eventLog }) => {
    const letters: DeadLetter[] = [];
    for (const { topic, partition, low } of await eventLog.bounds('dead-letters')) {
      for await (const records of eventLog.read({ topic, partition, from: low }))
        letters.push(...records.map(describe));
    }
    return letters.toSorted((a, b) => (a.appendedAt < b.appendedAt ? -1 : 1));
  });
}

/** The record as it stood, unchanged. Errors: `CommandError` when there is none by that id. */
export async function readDeadLetterBytes(options: DataDirOption, id: string): Promise<Buffer> {
  const [partition = Number.NaN, offset = Number.NaN] = id.split(':').map(Number);
  const notFound = new CommandError(`There is no dead letter ${id}.`, {
    hint: 'rapport dead-letters list prints the ids, which look like 0:17.',
  });
  if (!Number.isInteger(partition) || !Number.isInteger(offset)) throw notFound;
  return withPlatform(options, async ({ eventLog }) => {
    const known = await eventLog.bounds('dead-letters');
    if (!known.some((bounds) => bounds.partition === partition && offset < bounds.high)) throw notFound;
    const range = { topic: 'dead-letters', partition, from: offset, to: offset + 1 } as const;
    for await (const records of eventLog.read(range)) {
      const record = records.find((candidate) => candidate.offset === offset);
      if (record) return record.value ?? Buffer.alloc(0);
    }
    throw notFound;
  });
}

function describe({ partition, offset, headers, appendedAt, value }: LogRecord): DeadLetter {
  const header = (name: string) => headers[`dead-letter-${name}`] ?? 'unknown';
  return {
    id: `${partition}:${offset}`,
    consumer: header('consumer'),
    reason: header('reason'),
    stoodAt: `${header('topic')} ${header('partition')}:${header('offset')}`,
    appendedAt: new Date(appendedAt).toISOString(),
    bytes: value?.length ?? 0,
  };
}
