import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { PostgresBinaries } from './binaries.js';
import { giveTo, type ServerUser } from './server-user.js';

const run = promisify(execFile);
const expectedMajorVersion = '18';

/**
 * Argument that names the folder a server process stands in. On Linux it is named through /proc, so that an ordinary
 * user may use it even below a folder that only root may enter.
 */
export function standingIn(dataFolder: string): string {
  return process.platform === 'linux' ? '/proc/self/cwd' : dataFolder;
}

/** Makes the data folder unless it is there. A run that was killed half-way leaves nothing that counts. */
export async function ensureCluster(options: {
  readonly folder: string;
  readonly dataFolder: string;
  readonly binaries: PostgresBinaries;
  readonly runAs: ServerUser;
  readonly user: string;
  readonly password: string;
}): Promise<void> {
  const { folder, dataFolder, runAs } = options;
  if (existsSync(path.join(dataFolder, 'PG_VERSION'))) return checkVersion(dataFolder);
  const unfinished = path.join(folder, 'unfinished');
  const passwordFile = path.join(folder, 'password');
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
  for (const made of [folder, unfinished, passwordFile]) await giveTo(runAs, made);
  try {
    await run(
      options.binaries.initdb,
      [
        `--pgdata=${standingIn(unfinished)}`,
        `--username=${options.user}`,
        '--pwfile=../password',
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
      ],
      { ...runAs, cwd: unfinished },
    );
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.trim() ?? String(cause);
    throw new Error(`The embedded PostgreSQL could not make its data folder ${dataFolder}: ${said}`, { cause });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(unfinished, dataFolder);
}

async function checkVersion(dataFolder: string): Promise<void> {
  const found = (await readFile(path.join(dataFolder, 'PG_VERSION'), 'utf8')).trim();
  if (found === expectedMajorVersion) return;
  throw new Error(
    `${dataFolder} was made by PostgreSQL ${found}; this release brings PostgreSQL ${expectedMajorVersion}. ` +
      'Everything in it can be rebuilt from the event log: move the folder away and run npm run replay.',
  );
}
