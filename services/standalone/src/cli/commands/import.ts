import { Command } from 'commander';
import { withEndpointOptions } from '../endpoints.js';
import type { ImportCommandOptions } from '../import-files.js';
import { type Terminal } from '../terminal.js';

/** `rapport import FILE...`: history from files, through the collector, never triggering a journey. */
export function importCommand(terminal: Terminal): Command {
  const command = new Command('import')
    .description(
      'load CSV, TSV, JSON Lines (plain or .gz) or Parquet files as touchpoints; they never trigger a journey',
    )
    .argument('<files...>', 'files of one shape, read one after the other')
    .requiredOption(
      '-m, --mapping <mapping>',
      'a YAML file, or the name of a shipped mapping (deploy/definitions/import-mappings)',
    )
    .option('--dry-run', 'check everything, show counts, first touchpoints and faults, and send nothing')
    .option('--write <file>', 'write the touchpoints as JSON Lines, as they would be sent, and send nothing')
    .option('--strict', 'send nothing when there is any bad row')
    .option(
      '--bad-rows <file>',
      'where rows that are not imported go (default: imports/<mapping>-bad-rows.jsonl beside endpoints.json)',
    )
    .option('--no-wait', 'do not wait until the consumers have taken everything in')
    .option('--json', 'print the result as JSON');
  return withEndpointOptions(command).action(async (files: string[], options: ImportCommandOptions) => {
    // Loaded only here: every other command starts without the services.
    const { importFiles } = await import('../import-files.js');
    await importFiles(files, options, terminal);
  });
}
