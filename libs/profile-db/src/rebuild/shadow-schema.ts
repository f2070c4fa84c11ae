import type { Pool, PoolClient } from 'pg';
import { loadSql } from '../load-sql.js';
import { createPostgresPool, type PostgresPoolOptions } from '../postgres-pool.js';

const sql = {
  statements: loadSql(import.meta.url, 'shadow-statements'),
  swap: loadSql(import.meta.url, 'swap-statements'),
  erased: loadSql(import.meta.url, 'erased-statements'),
  swapTimers: loadSql(import.meta.url, 'swap-timers'),
};

/**
 * A copy of a consumer's tables to build in while the live ones serve. Whatever is asked through `pool` goes to the copy:
 * the schema of the consumer, and `runtime` with positions and timers, stand for their shadows there.
 */
export interface ShadowSchema {
  readonly pool: Pool;
  /** Name of the schema that holds what is built. */
  readonly schema: string;
  /** Removes again what was built of erased people who have no row among the live ones. */
  forgetErased(tx: PoolClient): Promise<void>;
  /** Replaces the live rows and the timers of `owner`, in the transaction given. */
  swap(tx: PoolClient, owner: string): Promise<void>;
  /** Removes the copy. */
  close(): Promise<void>;
}

export interface ShadowOptions extends PostgresPoolOptions {
  /** Of the consumer. */
  readonly name: string;
}

/** Makes the copy, empty. What an earlier rebuild left behind is removed. `schema` is undefined for a consumer that keeps no tables. */
export async function openShadowSchema(
  live: Pool,
  schema: string | undefined,
  options: ShadowOptions,
): Promise<ShadowSchema> {
  const { shadow, shadowRuntime } = namesOf(options);
  const drop = async (): Promise<void> => {
    await live.query(`DROP SCHEMA IF EXISTS "${shadow}", "${shadowRuntime}" CASCADE`);
  };
  await drop();
  await copySchema(live, 'runtime', shadowRuntime);
  if (schema !== undefined) await copySchema(live, schema, shadow);
  const pool = enterShadowSchema(schema, options);
  return {
    pool,
    schema: shadow,
    async forgetErased(tx) {
      if (schema === undefined) return;
      for (const statement of await statementsOf(tx, sql.erased, schema, shadow)) await tx.query(statement);
    },
    async swap(tx, owner) {
      if (schema !== undefined) {
        for (const statement of await statementsOf(tx, sql.swap, schema, shadow)) await tx.query(statement);
      }
      await tx.query(sql.swapTimers.replaceAll('shadow.', `"${shadowRuntime}".`), [owner]);
    },
    async close() {
      await pool.end();
      await drop();
    },
  };
}

/** Connections to a copy that is there; `schema` as it was made. */
export function enterShadowSchema(schema: string | undefined, options: ShadowOptions): Pool {
  const { shadow, shadowRuntime } = namesOf(options);
  const renamed = new Map([['runtime', shadowRuntime], ...(schema === undefined ? [] : ([[schema, shadow]] as const))]);
  return createPostgresPool({ ...options, rewrite: rewriting(renamed) });
}

function namesOf({ name }: ShadowOptions) {
  const shadow = `rebuild_${name}`;
  return { shadow, shadowRuntime: `${shadow}_runtime` };
}

async function copySchema(pool: Pool, from: string, to: string): Promise<void> {
  for (const statement of await statementsOf(pool, sql.statements, from, to)) await pool.query(statement);
}

async function statementsOf(
  connection: Pick<Pool, 'query'> | PoolClient,
  text: string,
  from: string,
  to: string,
): Promise<readonly string[]> {
  const { rows } = await connection.query<{ statement: string }>(text, [from, to]);
  return rows.map(({ statement }) => statement);
}

/** Our SQL always names the schema, so it is where a statement says on which tables it works. */
function rewriting(renamed: ReadonlyMap<string, string>): (text: string) => string {
  const known = new Map<string, string>();
  const names = new RegExp(String.raw`(?<![\w.$])(${[...renamed.keys()].join('|')})\.(?=["a-z_])`, 'g');
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const after = text.replace(names, (_, name: string) => `${renamed.get(name) ?? name}.`);
    // Statements are few; a text made for one call must not fill the memory.
    if (known.size < 1000) known.set(text, after);
    return after;
  };
}
