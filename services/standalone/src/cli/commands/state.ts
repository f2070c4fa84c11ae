import path from 'node:path';
import { Command } from 'commander';
import { withDataDirOption, type DataDirOption } from '../data-dir.js';
import { startProgress, type Progress } from '../progress.js';
import { type Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';

interface StateExportOptions extends DataDirOption {
  readonly out: string;
  readonly json?: boolean;
}

/** `rapport state export`: what projections hold, byte for byte comparable with another system's. */
export function stateCommand(terminal: Terminal): Command {
  const command = new Command('state').description('write what projections hold, to compare two systems');
  withDataDirOption(command.command('export'))
    .description('one file a table, JSON lines in canonical order, with rows and SHA-256 of each')
    .argument('[projection...]', 'resolve, profile, analyze, segment, score, orchestrate; all where none is named')
    .option('--out <folder>', 'where to put them', 'state')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nThe same log gives the same bytes: compare two exports with diff -r, or the figures with those of\n' +
        '`rapport replay <service> --verify`. Each projection is of one moment; analyze is held while it is read. The files\n' +
        'hold personal data in the clear.',
    )
    .action(async (names: readonly string[], options: StateExportOptions) => run(terminal, names, options));
  return command;
}

async function run(terminal: Terminal, names: readonly string[], options: StateExportOptions): Promise<void> {
  const { out, json } = options;
  // Loaded only here: every other command starts without the services.
  const [{ exportState, projectionsNamed }, { withPlatform }] = await Promise.all([
    import('../export-state.js'),
    import('../with-platform.js'),
  ]);
  const projections = projectionsNamed(names);
  let progress: Progress | undefined;
  const onProgress = (projection: string, done: number, total: number): void => {
    progress ??= startProgress(terminal, `Exporting ${projection}`, total);
    progress.update(done);
    if (done < total) return;
    progress.stop();
    progress = undefined;
  };
  try {
    const folder = path.resolve(out);
    const tables = await withPlatform(options, (platform) =>
      exportState(platform, { projections, folder, onProgress }),
    );
    if (json) return terminal.print(JSON.stringify({ folder, tables }));
    const rows = tables.map(({ table, rows: count, sha256 }) => [table, count.toLocaleString('en'), sha256]);
    const columns = [{ title: 'table' }, { title: 'rows', align: 'right' as const }, { title: 'SHA-256' }];
    terminal.print(`${textTable(columns, rows)}\n\nWritten to ${folder}.`);
  } finally {
    progress?.stop();
  }
}
