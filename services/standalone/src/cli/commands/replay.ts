import { Command } from 'commander';
import { type Terminal } from '../terminal.js';

/** `rapport replay <service>`: drops what a service has computed and computes it again from the log, while all others run on. */
export function replayCommand(terminal: Terminal): Command {
  return new Command('replay')
    .description('drop what a service has computed, and compute it again from the log')
    .argument('<service>', 'resolve, profile, analyze, segment, score or orchestrate')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nNothing is appended or sent a second time. A replay that was cut off is simply started again.',
    )
    .action(async (service: string, options: { readonly json?: boolean }) => {
      // Loaded only here: every other command starts without the services.
      const { replayProjection } = await import('../replay-projection.js');
      const started = performance.now();
      const records = await replayProjection(service, terminal);
      const seconds = (performance.now() - started) / 1000;
      if (options.json) terminal.print(JSON.stringify({ service, records, seconds }));
      else
        terminal.print(
          `${service} is rebuilt from ${records.toLocaleString('en')} records in ${seconds.toFixed(1)} s.`,
        );
    });
}
