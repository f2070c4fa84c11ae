import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Command } from 'commander';
import { type Endpoints } from '../supervisor/endpoints.js';
import { CommandError } from './command-error.js';
import { dataDirOf, notRunning, startHint, withDataDirOption, type DataDirOption } from './data-dir.js';
import { reasonOf } from './files.js';

export interface EndpointOptions extends DataDirOption {
  readonly endpoints?: string;
}

/** Options of every command that asks a running Rapport. */
export function withEndpointOptions(command: Command): Command {
  return withDataDirOption(command).option(
    '--endpoints <file>',
    'where Rapport answers, if not in <data-dir>/endpoints.json',
  );
}

export function endpointsFile(options: EndpointOptions): string {
  return path.resolve(options.endpoints ?? path.join(dataDirOf(options), 'endpoints.json'));
}

export async function readEndpoints(options: EndpointOptions): Promise<Endpoints> {
  const file = endpointsFile(options);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    if (options.endpoints !== undefined || !isMissing(cause)) {
      const hint = 'Name a file like the endpoints.json that an embedded start writes into its data folder.';
      throw new CommandError(`${file} cannot be read: ${reasonOf(cause)}.`, { hint, cause });
    }
    throw notRunning(path.dirname(file), cause);
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
