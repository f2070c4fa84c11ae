import { type LogRecord } from '@rapport/event-log';
import { type Platform } from '@rapport/runtime';
import { Command } from 'commander';
import { CommandError } from '../command-error.js';
import { type Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';
import { withPlatform } from '../with-platform.js';

/** A dead letter without its bytes, which may be anything. */
interface DeadLetter {
  /** Position on the topic `dead-letters`, as `partition:offset`. */
  readonly id: string;
  readonly consumer: string;
  readonly reason: string;
  /** Where the record stood, as `topic partition:offset`. */
  readonly stoodAt: string;
  readonly appendedAt: string;
  readonly bytes: number;
}

/** `rapport dead-letters list|show`: what consumers could not handle, and why. */
export function deadLettersCommand(terminal: Terminal): Command {
  const command = new Command('dead-letters').description('see the records that no consumer could handle, and why');
  command
    .command('list')
    .description('list them, newest last')
    .option('--json', 'print one JSON object a line')
    .action(async (options: { readonly json?: boolean }) => {
      const letters = await withPlatform(readAll);
      if (options.json) for (const letter of letters) terminal.print(JSON.stringify(letter));
      else terminal.print(letters.length === 0 ? 'There are none.' : table(letters));
    });
  command
    .command('show')
    .description('write the bytes of one to the standard output, unchanged; they are sealed where they are personal')
    .argument('<id>', 'partition:offset, from the list')
    .action(async (id: string) => void process.stdout.write(await withPlatform((platform) => bytesOf(platform, id))));
  return command;
}

async function readAll({ eventLog }: Platform): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (const { topic, partition, low } of await eventLog.bounds('dead-letters')) {
    for await (const records of eventLog.read({ topic, partition, from: low })) letters.push(...records.map(describe));
  }
  return letters.toSorted((a, b) => (a.appendedAt < b.appendedAt ? -1 : 1));
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

function table(letters: readonly DeadLetter[]): string {
  const columns = ['id', 'when', 'consumer', 'stood at', 'reason'].map((title) => ({ title }));
  return textTable(
    columns,
    letters.map(({ id, appendedAt, consumer, stoodAt, reason }) => [id, appendedAt, consumer, stoodAt, reason]),
  );
}

async function bytesOf({ eventLog }: Platform, id: string): Promise<Buffer> {
  const [partition = Number.NaN, offset = Number.NaN] = id.split(':').map(Number);
  if (!Number.isInteger(partition) || !Number.isInteger(offset)) {
    throw new CommandError(`${id} is no id of a dead letter.`, { hint: 'rapport dead-letters list prints the ids.' });
  }
  const range = { topic: 'dead-letters', partition, from: offset, to: offset + 1 } as const;
  for await (const records of eventLog.read(range)) {
    const record = records.find((candidate) => candidate.offset === offset);
    if (record) return record.value ?? Buffer.alloc(0);
  }
  throw new CommandError(`There is no dead letter ${id}.`, { hint: 'rapport dead-letters list prints the ids.' });
}
