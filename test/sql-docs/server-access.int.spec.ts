import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, startAnalytics, type Analytics } from '../analytics/analytics.js';
import { accessSql, accessStatements, accessXml, defaultFilter } from './server-access.js';

const folder = path.join(root, 'deploy/compose/clickhouse');

describe('analysts of a ClickHouse server', () => {
  let analytics: Analytics;
  let tables: readonly string[];
  beforeAll(async () => {
    analytics = await startAnalytics();
    const found = await analytics.rows(
      `SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'
         AND name IN (SELECT table FROM system.columns WHERE database = currentDatabase() AND name = 'workspace_id') ORDER BY name`,
    );
    tables = found.map(([name]) => String(name));
  }, 180_000);
  afterAll(() => analytics.stop());

  it.each([
    ['analyst.xml', () => accessXml(tables)],
    ['analysts.sql', () => accessSql(tables)],
    ['analysts.cluster.sql', () => accessSql(tables, 'rapport')],
  ])('%s holds every table with rows of workspaces, and the limits of the embedded engine', (name, text) => {
    const file = path.join(folder, name);
    if (process.env['RAPPORT_WRITE_DOCS'] === '1') writeFileSync(file, text());
    expect(readFileSync(file, 'utf8')).toBe(text());
    expect(tables).toContain('recorded_touchpoints');
  });

  it('every statement is what the engine reads as SQL; chDB has no users to run it with', async () => {
    for (const statement of [...accessStatements(tables), ...accessStatements(tables, 'rapport')]) {
      const [[read] = []] = await analytics.rows('SELECT formatQuerySingleLine({statement:String})', { statement });
      expect(String(read)).toMatch(/^(CREATE (SETTINGS PROFILE|ROLE|ROW POLICY)|GRANT)/);
    }
    await expect(
      analytics.rows('SELECT formatQuerySingleLine({statement:String})', { statement: 'CREATE ROW POLICY p ON' }),
    ).rejects.toThrow();
  });

  it('every filter is a condition on its table', async () => {
    for (const table of tables) {
      expect(await analytics.rows(`SELECT count() FROM ${table} WHERE ${defaultFilter}`)).toEqual([
        [expect.any(Number)],
      ]);
      const mine = "substring('analyst_shop', length('analyst_') + 1)";
      expect(await analytics.rows(`SELECT count(), ${mine} FROM ${table} WHERE workspace_id = ${mine}`)).toEqual([
        [0, 'shop'],
      ]);
    }
  });
});
