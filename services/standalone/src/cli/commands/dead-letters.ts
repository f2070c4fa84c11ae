import { Command } from 'commander';
import { withDataDirOption, type DataDirOption } from '../data-dir.js';
import { type DeadLetter } from '../dead-letters.js';
import { type Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';

interface DeadLetterOptions extends DataDirOption {
  readonly json?: boolean;
}

/** `rapport dead-letters list|show`: what consumers could not handle, and why. */
export function deadLettersCommand(terminal: Terminal): Command {
  const command = new Command('dead-letters').description('see the records that no consumer could handle, and why');
  // Loaded only here: every other command starts without the log and the databases.
  const deadLetters = () => import('../dead-letters.js');
  withDataDirOption(command.command('list'))
    .description('list them, newest last')
    .option('--json', 'print one JSON object a line')
    .action(async (options: DeadLetterOptions) => {
      const letters = await (await deadLetters()).readDeadLetters(options);
      if (options.json) for (const letter of letters) terminal.print(JSON.stringify(letter));
      else terminal.print(letters.length === 0 ? 'There are none.' : table(letters));
    });
  withDataDirOption(command.command('show'))
    .description('write the bytes of one to the standard output, unchanged; they are sealed where they are personal')
    .argument('<id>', 'partition:offset, from the list')
    .option('--json', 'print JSON on one line, the bytes in base64')
    .action(async (id: string, options: DeadLetterOptions) => {
      const bytes = await (await deadLetters()).readDeadLetterBytes(options, id);
      if (options.json) terminal.print(JSON.stringify({ id, base64: bytes.toString('base64') }));
      else process.stdout.write(bytes);
    });
  return command;
}

function table(letters: readonly DeadLetter[]): string {
  const columns = ['id', 'when', 'consumer', 'stood at', 'reason'].map((title) => ({ title }));
  return textTable(
    columns,
    letters.map(({ id, appendedAt, consumer, stoodAt, reason }) => [id, appendedAt, consumer, stoodAt, reason]),
  );
}
