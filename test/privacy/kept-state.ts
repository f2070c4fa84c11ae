import { createHash } from 'node:crypto';
import { createClient } from '@clickhouse/client';
import { eventually, type RunningEndpoints } from '@rapport/testing';
import pg from 'pg';

/** Rows as JSON lines, by table. */
export type KeptState = Readonly<Record<string, string>>;

/** Everything that is kept about everybody, by table, in an order of its own. */
export async function keptState({
  postgres,
  clickhouse,
}: Pick<RunningEndpoints, 'postgres' | 'clickhouse'>): Promise<KeptState> {
  const client = new pg.Client({ connectionString: postgres });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
       WHERE table_schema IN ('resolve', 'profile', 'segment', 'score', 'orchestrate', 'deliver')
         AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'profiles\\_%'
         -- A counter and a feed for caches, made anew after a replay.
         AND table_name NOT IN ('graph', 'moves')
       ORDER BY 1`,
    );
    const state: Record<string, string> = {};
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(
        `SELECT (to_jsonb(t) - 'sequence')::text AS row FROM ${name} AS t ORDER BY 1`,
      );
      state[name] = rows.map(({ row }) => row).join('\n');
    }
    return { ...state, ...(await touchpointsIn(clickhouse)) };
  } finally {
    await client.end();
  }
}

async function touchpointsIn({
  url,
  database,
  username,
  password,
}: RunningEndpoints['clickhouse']): Promise<KeptState> {
  const client = createClient({ url, database, username, password });
  try {
    const answer = await client.query({
      query: 'SELECT * FROM recorded_touchpoints ORDER BY message_id',
      format: 'JSONEachRow',
    });
    return { recorded_touchpoints: await answer.text() };
  } finally {
    await client.close();
  }
}

/** Resolves once nothing has changed for some looks. */
export async function stateSettled(stateOf: () => Promise<KeptState>): Promise<void> {
  let before = '';
  let same = 0;
  await eventually(
    async () => {
      const now = createHash('sha256')
        .update(JSON.stringify(await stateOf()))
        .digest('hex');
      same = now === before ? same + 1 : 0;
      before = now;
      if (same < 4) throw new Error('the state still changes');
    },
    300_000,
    500,
  );
}

/** Ranks are relative and counts move to erased. */
const relative = ['score.scores', 'score.recomputations', 'resolve.intake'];

/** What an erasure of others must leave empty: rows of `after` that were not there before, but for ranks and counts. */
export function changedRows(before: KeptState, after: KeptState): readonly string[] {
  return Object.keys(after)
    .filter((table) => !relative.includes(table))
    .flatMap((table) => {
      const known = new Set(withoutScores(before[table]));
      return withoutScores(after[table])
        .filter((row) => !known.has(row))
        .map((row) => `${table}: ${row}`);
    });
}

/** Rows as they are, but for the ranks that a profile repeats. */
function withoutScores(rows = ''): readonly string[] {
  return rows
    .split('\n')
    .filter((row) => row !== '')
    .map((row) => JSON.stringify({ ...(JSON.parse(row) as object), scores: undefined }));
}
