import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Option, type Command } from 'commander';
import { type Endpoints } from '../supervisor/endpoints.js';
import { CommandError } from './command-error.js';
import { reasonOf } from './files.js';

export interface EndpointOptions {
  readonly dataDir?: string;
  readonly endpoints?: string;
}

const startHint = 'Start Rapport first, in another terminal:\n\n  npm start\n';

const notRunningHint = `${startHint}\nWhere it runs on another data folder, name that: --data-dir, or RAPPORT_DATA_DIR.`;

/** Options of every command that talks to a running Rapport. */
export function withEndpointOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--data-dir <folder>', 'data folder of the running Rapport (default: .rapport)').env(
        'RAPPORT_DATA_DIR',
      ),
    )
    .option('--endpoints <file>', 'where Rapport answers, if not in <data-dir>/endpoints.json');
}

export function endpointsFile({ endpoints, dataDir }: EndpointOptions): string {
  return path.resolve(endpoints ?? path.join(dataDir || defaultDataDir(), 'endpoints.json'));
}

export async function readEndpoints(options: EndpointOptions): Promise<Endpoints> {
  const file = endpointsFile(options);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    if (options.endpoints !== undefined || !isMissing(cause)) {
      const hint = 'Name a file like the endpoints.json that an embedded start writes into its data folder.';
      throw new CommandError(`${file} cannot be read: ${reasonOf(cause)}.`, { hint, cause });
    }
    throw new CommandError(`Rapport is not running: there is no ${file}.`, {
      hint: notRunningHint,
      exitCode: 2,
      cause,
    });
  });
  const endpoints = decodeEndpoints(text);
  if (endpoints === undefined) {
    throw new CommandError(`${file} is damaged.`, { hint: 'Restart Rapport (npm start), which writes it anew.' });
  }
  return endpoints;
}

/** For a failed request: nobody listens there any more, or something else went wrong. */
export function unreachable(url: string, cause: unknown): CommandError {
  return new CommandError(`Rapport does not answer at ${url}.`, { hint: startHint, exitCode: 2, cause });
}

function isMissing(cause: unknown): boolean {
  return (cause as NodeJS.ErrnoException).code === 'ENOENT';
}

function decodeEndpoints(text: string): Endpoints | undefined {
  try {
    const value = JSON.parse(text) as Partial<Endpoints> | null;
    const whole =
      [value?.http, value?.writeKey, value?.apiKey, value?.postgres].every((part) => typeof part === 'string') &&
      [value?.clickhouse?.url, value?.clickhouse?.database, value?.clickhouse?.username].every(
        (part) => typeof part === 'string',
      );
    return whole ? (value as Endpoints) : undefined;
  } catch {
    return undefined;
  }
}

/** `.rapport` beside the project's `nx.json`, wherever the command is called from. */
function defaultDataDir(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'nx.json'))) {
    if (folder === path.dirname(folder)) return path.resolve('.rapport');
    folder = path.dirname(folder);
  }
  return path.join(folder, '.rapport');
}
