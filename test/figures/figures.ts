import { readFileSync } from 'node:fs';
import path from 'node:path';
import { querySettings } from '@rapport/analytics-db';
import { clearAnalytics, storeTouchpoints, storeWorkspaces } from '@rapport/service-analyze';
import { startTestClickHouse, type TestClickHouse } from '@rapport/testing';
import { dataSet, root } from './data-set.js';

/** The analytics database, to be filled with real data sets and asked in SQL. */
export interface Figures {
  readonly clickhouse: TestClickHouse;
  /** Through its shipped mapping; returns the number of touchpoints. */
  load(mapping: string, files: readonly string[], options?: LoadOptions): Promise<number>;
  rows(query: string, params?: Readonly<Record<string, unknown>>): Promise<unknown[][]>;
  /** One of the queries that the guide gives: `docs/sql/queries/<name>.sql`. */
  ask(name: string, params?: Readonly<Record<string, unknown>>): Promise<unknown[][]>;
  clear(): Promise<void>;
  stop(): Promise<void>;
}

export interface LoadOptions {
  readonly badRows?: number;
  /** No touchpoints of this event. */
  readonly butFor?: string;
}

export async function startFigures(currency: string): Promise<Figures> {
  const clickhouse = await startTestClickHouse(path.join(root, 'schemas'));
  const { client } = clickhouse;
  await storeWorkspaces(client, [{ id: 'default', name: 'Shop', timeZone: 'UTC', currency, sources: [] }], Date.now());
  const rows: Figures['rows'] = async (query, params) => {
    const answer = await client.query({
      query,
      query_params: params,
      format: 'JSONCompact',
      clickhouse_settings: { ...querySettings, output_format_json_quote_64bit_integers: 0 },
    });
    return (await answer.json<unknown[]>()).data;
  };
  let batches = 0;
  return {
    clickhouse,
    rows,
    ask: (name, params) => rows(readFileSync(path.join(root, 'docs/sql/queries', `${name}.sql`), 'utf8'), params),
    async load(mapping, files, { butFor, ...options } = {}) {
      let count = 0;
      for await (const batch of dataSet(mapping, files, options)) {
        const wanted = batch.filter(({ event }) => butFor === undefined || event !== butFor);
        count += wanted.length;
        if (wanted.length > 0) await storeTouchpoints(client, wanted, `${mapping}-${(batches += 1)}`);
      }
      return count;
    },
    async clear() {
      await clearAnalytics({ clickhouse: client });
    },
    stop: () => clickhouse.stop(),
  };
}
