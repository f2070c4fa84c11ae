import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Option, type Command } from 'commander';
import { CommandError } from './command-error.js';

export interface DataDirOption {
  readonly dataDir?: string;
}

export const startHint = 'Start Rapport first, in another terminal:\n\n  npm start\n';

/** The option of every command that has to do with a running Rapport. */
export function withDataDirOption(command: Command): Command {
  return command.addOption(
    new Option('--data-dir <folder>', 'data folder of the running Rapport (default: .rapport)').env('RAPPORT_DATA_DIR'),
  );
}

export function dataDirOf({ dataDir }: DataDirOption): string {
  return path.resolve(dataDir || defaultDataDir());
}

/** Nobody serves the data folder, or it is none; the message says which. */
export function notRunning(dataDir: string, cause?: unknown): CommandError {
  return new CommandError(`Rapport is not running${whyNot(dataDir)}.`, {
    hint: `${startHint}\nWhere it runs on another data folder, name that: --data-dir, or RAPPORT_DATA_DIR.`,
    exitCode: 2,
    cause,
  });
}

function whyNot(dataDir: string): string {
  if (!existsSync(dataDir)) return `: there is no folder ${dataDir}`;
  // A start makes it before anything else.
  if (!existsSync(path.join(dataDir, 'secrets.json')))
    return ` on ${dataDir}, which is no data folder of Rapport: it holds no secrets.json`;
  return `: there is no ${path.join(dataDir, 'endpoints.json')}`;
}

/** `.rapport` beside the project's `nx.json`, wherever the command is called from. */
function defaultDataDir(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'nx.json'))) {
    if (folder === path.dirname(folder)) return '.rapport';
    folder = path.dirname(folder);
  }
  return path.join(folder, '.rapport');
}
