import { replayConsumer, type Platform } from '@rapport/runtime';
import { Command } from 'commander';
import { CommandError } from '../command-error.js';
import { startProgress, type Progress } from '../progress.js';
import { type Projection } from '../projections.js';
import { type Terminal } from '../terminal.js';
import { withPlatform } from '../with-platform.js';

/** `rapport replay <projection>`: drops what a service has computed and computes it again from the log, while all others run on. */
export function replayCommand(terminal: Terminal): Command {
  return new Command('replay')
    .description('drop what a service has computed, and compute it again from the log')
    .argument('<service>', 'resolve, profile, segment, score or orchestrate')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nNothing is appended or sent a second time. A replay that was cut off is simply started again.',
    )
    .action(async (name: string, options: { readonly json?: boolean }) => {
      const projection = await projectionNamed(name);
      const started = performance.now();
      const records = await withPlatform((platform) => replay(name, projection, platform, terminal));
      const seconds = (performance.now() - started) / 1000;
      if (options.json) terminal.print(JSON.stringify({ service: name, records, seconds }));
      else
        terminal.print(`${name} is rebuilt from ${records.toLocaleString('en')} records in ${seconds.toFixed(1)} s.`);
    });
}

async function projectionNamed(name: string): Promise<Projection> {
  // Loaded only here: every other command starts without the services.
  const { projections } = await import('../projections.js');
  const projection = projections.get(name);
  if (projection === undefined) {
    throw new CommandError(`There is nothing to replay by the name of ${name}.`, {
      hint: `Name one of ${[...projections.keys()].join(', ')}.`,
    });
  }
  return projection;
}

async function replay(name: string, projection: Projection, platform: Platform, terminal: Terminal): Promise<number> {
  let progress: Progress | undefined;
  try {
    return await replayConsumer(await projection.consumer(platform), platform, {
      clear: async (tx) => void (await tx.query(projection.clear)),
      onProgress: (done, total) => (progress ??= startProgress(terminal, `Replaying ${name}`, total)).update(done),
    });
  } finally {
    progress?.stop();
  }
}
