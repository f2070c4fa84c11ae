import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { digestTable, type CanonicalTable, type TableDigest } from '@rapport/profile-db';
import type { Platform } from '@rapport/runtime';
import { CommandError } from './command-error.js';
import { makeFolder } from './files.js';
import { projections, type Projection } from './projections.js';

export interface ExportedTable extends TableDigest {
  readonly file: string;
}

export interface StateExport {
  readonly projections: readonly Projection[];
  readonly folder: string;
  /** Tables done, of those of one projection. */
  readonly onProgress?: (projection: string, done: number, total: number) => void;
}

/**
 * Writes what projections hold as one file a table, `<schema>.<table>.jsonl`: the canonical export whose SHA-256 a replay
 * with `--verify` compares. Each projection is of one moment.
 */
export async function exportState(
  platform: Platform,
  { projections: wanted, folder, onProgress = () => undefined }: StateExport,
): Promise<readonly ExportedTable[]> {
  await makeFolder(folder, 'Name another folder with --out.');
  await platform.audit.record({
    workspaceId: 'default',
    actor: 'cli',
    action: 'state.exported',
    target: '',
    details: { projections: wanted.map(({ name }) => name).join(',') },
  });
  const exported: ExportedTable[] = [];
  for (const { name, readState, notFromLog = [] } of wanted) {
    await readState(platform, name, async (all) => {
      const tables = all.filter((table) => !notFromLog.some((left) => table.name === `${name}.${left}`));
      for (const [done, table] of tables.entries()) {
        onProgress(name, done, tables.length);
        exported.push(await writeTable(table, path.join(folder, `${table.name}.jsonl`)));
      }
      onProgress(name, tables.length, tables.length);
    });
  }
  return exported;
}

/** All where none is named. Errors: `CommandError` for a name that is none of them. */
export function projectionsNamed(names: readonly string[]): readonly Projection[] {
  return names.length === 0 ? [...projections.values()] : names.map(projectionOf);
}

function projectionOf(name: string): Projection {
  const projection = projections.get(name);
  if (projection !== undefined) return projection;
  throw new CommandError(`There is no projection by the name of ${name}.`, {
    hint: `Name some of ${[...projections.keys()].join(', ')}, or none for all.`,
  });
}

async function writeTable(table: CanonicalTable, file: string): Promise<ExportedTable> {
  await rm(file, { force: true });
  // For its owner only: it is what is known of everybody.
  const handle = await open(file, 'wx', 0o600);
  try {
    const digest = await digestTable(table, async (lines) => {
      if (lines.length > 0) await handle.write(`${lines.join('\n')}\n`);
    });
    return { ...digest, file };
  } finally {
    await handle.close();
  }
}
