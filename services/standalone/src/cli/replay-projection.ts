import { replayConsumer } from '@rapport/runtime';
import { CommandError } from './command-error.js';
import { startProgress, type Progress } from './progress.js';
import { projections } from './projections.js';
import { type Terminal } from './terminal.js';
import { withPlatform } from './with-platform.js';

/** Returns how many records of the log it took. Errors: `CommandError` for a service that keeps no projection. */
export async function replayProjection(name: string, terminal: Terminal): Promise<number> {
  const projection = projections.get(name);
  if (projection === undefined) {
    throw new CommandError(`There is nothing to replay by the name of ${name}.`, {
      hint: `Name one of ${[...projections.keys()].join(', ')}.`,
    });
  }
  let progress: Progress | undefined;
  try {
    return await withPlatform(async (platform) =>
      replayConsumer(await projection.consumer(platform), platform, {
        clear: (tx) => projection.clear(platform, tx),
        onProgress: (done, total) => (progress ??= startProgress(terminal, `Replaying ${name}`, total)).update(done),
      }),
    );
  } finally {
    progress?.stop();
  }
}
