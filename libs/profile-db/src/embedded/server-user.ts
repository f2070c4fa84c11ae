import { execFile } from 'node:child_process';
import { chown, stat } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The operating system's user that PostgreSQL runs as; `undefined` is the user we run as ourselves. */
export type ServerUser = { readonly uid: number; readonly gid: number } | undefined;

/**
 * PostgreSQL refuses to run as root, so root starts it as an ordinary user: the owner of the data when there is some,
 * else `postgres`, else `nobody`. No user is ever created.
 */
export async function serverUserFor(dataFolder: string): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(dataFolder).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const user = (await lookUp('postgres')) ?? (await lookUp('nobody'));
  if (user !== undefined) return user;
  throw new Error(
    'The embedded PostgreSQL cannot run as root, and this machine has neither a user "postgres" nor "nobody" to run it as. ' +
      'Create one (useradd --system postgres) or start Rapport as an ordinary user.',
  );
}

export async function giveTo(user: ServerUser, path: string): Promise<void> {
  if (user !== undefined) await chown(path, user.uid, user.gid);
}

async function lookUp(name: string): Promise<ServerUser> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}
