import { setTimeout as pause } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import type { Finding } from '../erasure.js';

/** Longest that a write-ahead log is switched through; a log that still grows faster is left to the server's own pace. */
const mostSegments = 256;
const reloadMs = 500;

/**
 * Deleted rows stay in PostgreSQL's files until something overwrites them: in pages of the tables, in column statistics,
 * in the write-ahead log. This rewrites the tables, forgets the statistics and replaces the log, so that the bytes are
 * gone. A table is locked while it is rewritten. Where the server does not let us touch its log, the finding says so.
 */
export async function scrubPostgres(postgres: Pool, tables: readonly string[]): Promise<readonly Finding[]> {
  const client = await postgres.connect();
  try {
    const findings: Finding[] = [];
    // The statistics hold samples of what stood in the columns.
    for (const table of tables) {
      findings.push(await rewritten(client, pagesOf(table), `(FULL, ANALYZE) ${quoted(table)}`));
    }
    const statistics = '(FULL) pg_catalog.pg_statistic';
    findings.push(await rewritten(client, 'postgresql column statistics', statistics), await scrubLog(client));
    return findings;
  } finally {
    client.release();
  }
}

/** The name of a table's pages, in findings. */
export function pagesOf(table: string): string {
  return `postgresql pages of ${table}`;
}

/** To whom a table does not belong, PostgreSQL says so in a warning and does nothing: that must not pass for done. */
async function rewritten(client: PoolClient, store: string, what: string): Promise<Finding> {
  const warnings: string[] = [];
  const onNotice = ({ severity, message }: { severity?: string | undefined; message?: string | undefined }): void => {
    if (severity === 'WARNING') warnings.push(message ?? '');
  };
  client.on('notice', onNotice);
  try {
    await client.query(`VACUUM ${what}`);
  } catch (error) {
    if (!isForbidden(error)) throw error;
    warnings.push('');
  } finally {
    client.off('notice', onNotice);
  }
  return warnings.length === 0
    ? { store, removed: 1, left: 0, note: 'rewritten' }
    : { store, removed: 0, left: 0, note: `not rewritten, for lack of permission; ${serverKeeps}` };
}

const serverKeeps = 'what the server keeps there is overwritten by its own vacuum and retention';

/** Recycled segments keep their old bytes, so they are written over one by one, and removed at the checkpoint behind them. */
async function scrubLog(client: PoolClient): Promise<Finding> {
  const store = 'postgresql write-ahead log';
  try {
    await client.query('ALTER SYSTEM SET wal_recycle = off');
    await client.query('SELECT pg_reload_conf()');
    // The checkpointer reads its settings a moment later.
    await pause(reloadMs);
    await client.query('CHECKPOINT');
    const before = await segments(client);
    const newest = before.at(-1) ?? '';
    let switched = 0;
    while ((await currentSegment(client)) <= newest && switched < mostSegments) {
      await client.query(`SELECT pg_logical_emit_message(false, 'rapport', 'erasure')`);
      await client.query('SELECT pg_switch_wal()');
      switched += 1;
    }
    await client.query('CHECKPOINT');
    const after = new Set(await segments(client));
    const left = before.filter((name) => after.has(name)).length;
    await client.query('ALTER SYSTEM RESET wal_recycle');
    await client.query('SELECT pg_reload_conf()');
    return { store, removed: before.length - left, left };
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return { store, removed: 0, left: 0, note: `not replaced, for lack of permission; ${serverKeeps}` };
  }
}

async function segments(client: PoolClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT name FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$' ORDER BY name`,
  );
  return rows.map(({ name }) => name);
}

async function currentSegment(client: PoolClient): Promise<string> {
  const { rows } = await client.query<{ name: string }>('SELECT pg_walfile_name(pg_current_wal_insert_lsn()) AS name');
  return rows[0]?.name ?? '';
}

/** insufficient_privilege, or a statement that a managed server does not know. */
function isForbidden(error: unknown): boolean {
  return ['42501', '0A000', '42883'].includes((error as { code?: string }).code ?? '');
}

function quoted(table: string): string {
  return table
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.');
}
