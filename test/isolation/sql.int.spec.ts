import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { analystOf } from '@rapport/analytics-db';
import { startTestClickHouse, type TestClickHouse } from '@rapport/testing';

const schemasDir = path.resolve('schemas');
const analyst = { username: 'analyst', password: 'analyst' };
/** Tables that hold the same for every workspace: definitions of the installation, and nothing of anybody. */
const forEverybody = ['message_templates', 'migrations'];
const canary = 'canary-of-shop';

let clickhouse: TestClickHouse;
const clients: ClickHouseClient[] = [];
let everything: readonly { readonly name: string; readonly engine: string }[] = [];

beforeAll(async () => {
  clickhouse = await startTestClickHouse(schemasDir);
  const found = await clickhouse.client.query({
    query: `SELECT name, engine FROM system.tables WHERE database = 'rapport' ORDER BY name`,
    format: 'JSONEachRow',
  });
  everything = await found.json();
  for (const { name, engine } of everything) if (engine.endsWith('MergeTree')) await fill(name);
});
afterAll(async () => {
  for (const client of clients) await client.close();
  await clickhouse.stop();
});

/** Puts a row of each workspace into a table: the canary in every text, the same in everything else. */
async function fill(table: string): Promise<void> {
  const { client } = clickhouse;
  const described = await client.query({
    query: `SELECT name, type, default_kind FROM system.columns WHERE database = 'rapport' AND table = {table:String}`,
    query_params: { table },
    format: 'JSONEachRow',
  });
  const columns = (await described.json<{ name: string; type: string; default_kind: string }>()).filter(
    ({ default_kind }) => default_kind !== 'MATERIALIZED' && default_kind !== 'ALIAS',
  );
  if (!columns.some(({ name }) => name === 'workspace_id')) return;
  for (const workspace of ['default', 'shop']) {
    const text = workspace === 'shop' ? canary : 'own-of-default';
    const values = columns.map(({ name, type }) => {
      if (name === 'workspace_id') return `'${workspace}'`;
      if (name === 'time_zone') return `'UTC'`;
      if (name === 'currency' || name === 'declared_currency') return `'EUR'`;
      if (/^(LowCardinality\()?(Nullable\()?String/.test(type))
        return name === 'event' ? `'Order Completed'` : `'${text}'`;
      if (/^Array\((LowCardinality\()?String/.test(type) && !name.includes('.')) return `['${text}']`;
      return /^Date/.test(type)
        ? `'2026-01-0${workspace === 'shop' ? 2 : 1} 00:00:00'`
        : `defaultValueOfTypeName('${type.replaceAll("'", "\\'")}')`;
    });
    await client.command({
      query: `INSERT INTO ${table} (${columns.map(({ name }) => name).join(', ')}) SELECT ${values.join(', ')}`,
    });
  }
}

function as(workspaceId: string, password?: string): ClickHouseClient {
  const user = analystOf(analyst, workspaceId);
  const client = createClient({
    url: clickhouse.url,
    database: 'rapport',
    ...user,
    ...(password === undefined ? {} : { password }),
    log: { level: ClickHouseLogLevel.OFF },
  });
  clients.push(client);
  return client;
}
const answer = async (client: ClickHouseClient, query: string): Promise<string> =>
  (await client.query({ query, format: 'TabSeparated' })).text();

describe('an analyst of one workspace', () => {
  it('sees no row of another one in any table', async () => {
    const own = as('default');
    const other = as('shop');
    const tables = everything.filter(({ engine }) => engine.endsWith('MergeTree')).map(({ name }) => name);
    expect(tables.length).toBeGreaterThan(10);
    for (const table of tables.filter((name) => !forEverybody.includes(name))) {
      const query = `SELECT arraySort(groupUniqArray(toString(workspace_id))) FROM ${table}`;
      expect({ [table]: await answer(clickhouse.client, query) }).toEqual({ [table]: "['default','shop']\n" });
      expect({ [table]: await answer(own, query) }).toEqual({ [table]: "['default']\n" });
      expect({ [table]: await answer(other, query) }).toEqual({ [table]: "['shop']\n" });
    }
  });

  it('finds nothing of another one in any view', async () => {
    const own = as('default');
    const views = everything.filter(({ engine }) => engine === 'View').map(({ name }) => name);
    expect(views.length).toBeGreaterThan(5);
    let asked = 0;
    for (const view of views) {
      const sql = readView(view);
      // A parameterised view is asked with parameters of its own; its tables are the same.
      if (/\{\w+:/.test(sql)) continue;
      asked += 1;
      const found = await answer(own, `SELECT * FROM ${view}`);
      expect({ [view]: found.includes(canary) || /\tshop\t|^shop\t|\tshop$/m.test(found) }).toEqual({ [view]: false });
    }
    expect(asked).toBeGreaterThan(5);
  });

  it('sees in the plain views what the other workspace sees in its own', async () => {
    expect(await answer(as('shop'), 'SELECT workspace_id, is_default FROM workspace_settings')).toBe('shop\t1\n');
    expect(await answer(as('default'), 'SELECT workspace_id FROM workspace_settings')).toBe('default\n');
  });

  it.each([
    `SELECT * FROM merge('rapport', '^recorded_touchpoints$')`,
    `SELECT * FROM mergeTreeIndex('rapport', 'recorded_touchpoints')`,
    'SELECT * FROM recorded_touchpoints SETTINGS additional_table_filters = {}',
    'SET additional_table_filters = {}',
    `INSERT INTO workspaces (workspace_id) VALUES ('x')`,
    'DROP TABLE recorded_touchpoints',
  ])('gets no way around it: %s', async (query) => {
    await expect(answer(as('default'), query)).rejects.toThrow();
  });

  it.each([
    'SELECT count() FROM (SELECT * FROM recorded_touchpoints)',
    'WITH t AS (SELECT * FROM recorded_touchpoints) SELECT count() FROM t',
    'SELECT count() FROM view(SELECT * FROM recorded_touchpoints)',
    'SELECT count() FROM rapport.recorded_touchpoints AS shop',
    `SELECT count() FROM recorded_touchpoints PREWHERE 1`,
  ])('sees one row of two however it asks: %s', async (query) => {
    expect(await answer(as('default'), query)).toBe('1\n');
  });

  it.each(['additional_table_filters', 'allow_experimental_analyzer', 'use_query_cache'])(
    'cannot set %s with the request',
    async (name) => {
      const query = 'SELECT count() FROM recorded_touchpoints';
      const asked = as('default').query({ query, clickhouse_settings: { [name]: '0' } });
      await expect(asked).rejects.toThrow(/readonly/i);
    },
  );

  it('does not see what others ask', async () => {
    expect(await answer(as('default'), 'SELECT count() FROM system.processes')).toBe('0\n');
    expect(await answer(as('default'), "SELECT count() FROM system.parts WHERE database = 'rapport'")).toBe('0\n');
  });

  it('of a table made later sees no other one’s rows either', async () => {
    const { client } = clickhouse;
    await client.command({
      query: 'CREATE TABLE later (workspace_id String) ENGINE = MergeTree ORDER BY workspace_id',
    });
    await client.command({ query: `INSERT INTO later VALUES ('shop'), ('default')` });
    expect(await answer(as('default'), 'SELECT * FROM later')).toBe('default\n');
    await client.command({ query: 'DROP TABLE later' });
  });

  it('needs the password of its own workspace', async () => {
    const ofShop = analystOf(analyst, 'shop').password;
    await expect(answer(as('default', ofShop), 'SELECT 1')).rejects.toThrow(/Authentication failed/);
    await expect(answer(as('shop', analyst.password), 'SELECT 1')).rejects.toThrow(/Authentication failed/);
    await expect(answer(as("x' OR 1", 'x'), 'SELECT 1')).rejects.toThrow(/Authentication failed/);
  });
});

describe('every table', () => {
  it('says whose its rows are', async () => {
    const without = await answer(
      clickhouse.client,
      `SELECT name FROM system.tables WHERE database = 'rapport' AND engine LIKE '%MergeTree' AND name NOT IN
       (SELECT table FROM system.columns WHERE database = 'rapport' AND name = 'workspace_id') ORDER BY name`,
    );
    expect(without.split('\n').filter((name) => name !== '' && !forEverybody.includes(name))).toEqual([]);
  });
});

function readView(name: string): string {
  const folder = path.join(schemasDir, 'clickhouse/views');
  const file = globSync(`${folder}/*_${name}.sql`)[0];
  return file === undefined ? '' : readFileSync(file, 'utf8');
}
