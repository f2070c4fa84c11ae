import { Command, InvalidArgumentError } from 'commander';
import { startBuildingThreads, threadsBeside } from '../building-threads.js';
import { CommandError } from '../command-error.js';
import { withDataDirOption, type DataDirOption } from '../data-dir.js';
import { type Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';

interface ReplayCommandOptions extends DataDirOption {
  readonly verify?: boolean;
  readonly batch?: number;
  readonly workers?: number;
  readonly json?: boolean;
}

/** `rapport replay <service>`: computes what a service keeps anew from the log, while it and all others run on. */
export function replayCommand(terminal: Terminal): Command {
  const command = new Command('replay')
    .description('compute what a service keeps anew from the log, while everything runs on')
    .argument('<service>', 'resolve, profile, analyze, segment, score or orchestrate')
    .option('--verify', 'compare what is rebuilt with what is there, table by table, and change nothing')
    .option('--batch <records>', 'records handled in one transaction', wholeNumber)
    .option('--workers <number>', 'partitions handled side by side', wholeNumber)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nReaders see what was there until all of it is replaced at once. Nothing is appended or sent a second time. A\nreplay that was cut off is simply started again.',
    );
  return withDataDirOption(command).action(async (service: string, options: ReplayCommandOptions) => {
    const threads = startBuildingThreads(threadsBeside(options.workers));
    // Loaded only here: every other command starts without the services.
    const { replayProjection } = await import('../replay-projection.js');
    const { records, tables } = await replayProjection(service, { ...options, threads }, terminal);
    // Since the process started.
    const seconds = performance.now() / 1000;
    const different = tables.filter(({ live, rebuilt }) => live.sha256 !== rebuilt.sha256);
    if (options.json) terminal.print(JSON.stringify({ service, records, seconds, tables }));
    else if (options.verify) terminal.print(comparison(tables));
    else {
      const rate = Math.round(records / Math.max(seconds, 0.001)).toLocaleString('en');
      const count = records.toLocaleString('en');
      terminal.print(`${service} is rebuilt from ${count} records in ${seconds.toFixed(1)} s (${rate}/s).`);
    }
    if (different.length > 0) {
      throw new CommandError(
        `${different.map(({ table }) => table).join(', ')}: what is there is not what the log says.`,
        {
          hint: `\`rapport replay ${service}\` puts what the log says in its place.`,
        },
      );
    }
  });
}

type Tables = Awaited<ReturnType<(typeof import('../replay-projection.js'))['replayProjection']>>['tables'];

function comparison(tables: Tables): string {
  const rows = tables.map(({ table, live, rebuilt }) => [
    table,
    live.rows.toLocaleString('en'),
    live.sha256,
    live.sha256 === rebuilt.sha256
      ? 'identical'
      : `differs: ${rebuilt.rows.toLocaleString('en')} rows, ${rebuilt.sha256}`,
  ]);
  return textTable(
    [{ title: 'table' }, { title: 'rows', align: 'right' }, { title: 'SHA-256' }, { title: 'rebuilt' }],
    rows,
  );
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return value;
}
