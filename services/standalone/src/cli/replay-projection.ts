import { rebuild, type BuildingThread, type Rebuilt } from '@rapport/runtime';
import { CommandError } from './command-error.js';
import { type DataDirOption } from './data-dir.js';
import { startProgress, type Progress } from './progress.js';
import { projections, type Projection } from './projections.js';
import { type Terminal } from './terminal.js';
import { withPlatform } from './with-platform.js';

export interface ReplayOptions extends DataDirOption {
  readonly verify?: boolean;
  readonly batch?: number;
  readonly workers?: number;
  readonly threads: () => readonly BuildingThread[];
}

/** Errors: `CommandError` for a service that keeps no projection. */
export async function replayProjection(name: string, options: ReplayOptions, terminal: Terminal): Promise<Rebuilt> {
  const projection = projectionOf(name);
  let progress: Progress | undefined;
  const label = options.verify ? `Verifying ${name}` : `Replaying ${name}`;
  try {
    return await withPlatform(options, (platform) =>
      rebuild(platform, {
        ...projection,
        ...(options.verify === undefined ? {} : { verify: options.verify }),
        ...(options.batch === undefined ? {} : { maxBatchRecords: options.batch }),
        ...(options.workers === undefined ? {} : { workers: options.workers }),
        threads: options.threads,
        onProgress: (done, total) => (progress ??= startProgress(terminal, label, total)).update(done),
      }),
    );
  } finally {
    progress?.stop();
  }
}

function projectionOf(name: string): Projection {
  const projection = projections.get(name);
  if (projection !== undefined) return projection;
  const known = `Name one of ${[...projections.keys()].join(', ')}.`;
  if (name === 'deliver') {
    throw new CommandError(
      'deliver cannot be replayed: a message that has left stays sent, and its outbox is the record of that.',
      {
        hint: known,
      },
    );
  }
  throw new CommandError(`There is nothing to replay by the name of ${name}.`, { hint: known });
}
