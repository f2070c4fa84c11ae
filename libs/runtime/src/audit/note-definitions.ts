import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { inTransaction, loadSql } from '@rapport/profile-db';
import type { Platform } from '../platform/platform.js';

const sql = {
  lock: loadSql(import.meta.url, 'lock'),
  read: loadSql(import.meta.url, 'read-definitions'),
  store: loadSql(import.meta.url, 'store-definitions'),
  forget: loadSql(import.meta.url, 'forget-definitions'),
};

const definitionsLock = 7_241_993;

/** Notes in the audit log which definition files are not what they were when a process last started. */
export async function noteDefinitions({
  config,
  postgres,
  audit,
}: Pick<Platform, 'config' | 'postgres' | 'audit'>): Promise<void> {
  const found = await readChecksums(config.definitionsDir);
  await inTransaction(postgres, async (tx) => {
    await tx.query(sql.lock, [definitionsLock]);
    const { rows } = await tx.query<{ file: string; checksum: string }>(sql.read);
    const known = new Map(rows.map(({ file, checksum }) => [file, checksum]));
    const changed = [...found].filter(([file, checksum]) => known.get(file) !== checksum);
    const gone = [...known.keys()].filter((file) => !found.has(file));
    const note = (action: string, target: string, details = {}): Promise<void> =>
      audit.record({ workspaceId: 'default', actor: 'system', action, target, details });
    // Before the commit: a crash between the two notes a change twice rather than never.
    for (const [file, sha256] of changed) {
      await note(known.has(file) ? 'definition.changed' : 'definition.added', file, { sha256 });
    }
    for (const file of gone) await note('definition.removed', file);
    await tx.query(sql.store, [changed.map(([file]) => file), changed.map(([, checksum]) => checksum)]);
    await tx.query(sql.forget, [gone]);
  });
}

async function readChecksums(folder: string): Promise<ReadonlyMap<string, string>> {
  // A process without definitions starts all the same, and says so where it needs one.
  const entries = existsSync(folder) ? await readdir(folder, { recursive: true, withFileTypes: true }) : [];
  const files = entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const checksums = files.map(async (file) => {
    const checksum = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    return [path.relative(folder, file).split(path.sep).join('/'), checksum] as const;
  });
  return new Map(await Promise.all(checksums));
}
