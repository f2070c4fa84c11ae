import { Command } from 'commander';
import { type DeadLetter } from '../dead-letters.js';
import { type Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';

/** `rapport dead-letters list|show`: what consumers could not handle, and why. */
export function deadLettersCommand(terminal: Terminal): Command {
  const command = new Command('dead-letters').description('see the records that no consumer could handle, and why');
  // Loaded only here: every other command starts without the log and the databases.
  const deadLetters = () => import('../dead-letters.js');
  command
    .command('list')
    .description('list them, newest last')
    .option('--json', 'print one JSON object a line')
    .action(async (options: { readonly json?: boolean }) => {
      const letters = await (await deadLetters()).readDeadLetters();
      if (options.json) for (const letter of letters) terminal.print(JSON.stringify(letter));
      else terminal.print(letters.length === 0 ? 'There are none.' : table(letters));
    });
  command
    .command('show')
    .description('write the bytes of one to the standard output, unchanged; they are sealed where they are personal')
    .argument('<id>', 'partition:offset, from the list')
    .action(async (id: string) => void process.stdout.write(await (await deadLetters()).readDeadLetterBytes(id)));
  return command;
}

function table(letters: readonly DeadLetter[]): string {
  const columns = ['id', 'when', 'consumer', 'stood at', 'reason'].map((title) => ({ title }));
  return textTable(
    columns,
    letters.map(({ id, appendedAt, consumer, stoodAt, reason }) => [id, appendedAt, consumer, stoodAt, reason]),
  );
}
