import { constants } from 'node:fs';
import { access, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { CommandError } from './command-error.js';

/** The text of a file that somebody named. Errors: `CommandError` with why it cannot be read; `hint` says what is wanted. */
export function readNamedFile(file: string, hint: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CommandError(`${path.resolve(file)} cannot be read: ${reasonOf(cause)}.`, { hint, cause });
  });
}

/** Makes the folder that results go to, before any work is done for them. Errors: `CommandError`. */
export async function makeFolder(folder: string, hint: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new CommandError(`Nothing can be written to ${path.resolve(folder)}: ${reasonOf(cause)}.`, { hint, cause });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'a file stands where the folder should be',
  EACCES: 'you have no right to',
  EPERM: 'you have no right to',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

export function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return reasons[code ?? ''] ?? message;
}
