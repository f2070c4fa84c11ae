import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { root, startAnalytics, type Analytics } from '../analytics/analytics.js';
import { smallShop } from './small-shop.js';

interface Target {
  readonly refId: string;
  readonly editorType: string;
  readonly format: number;
  readonly queryType: string;
  readonly rawSql: string;
}
interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly Target[];
}
interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly time: { readonly from: string; readonly to: string };
  readonly panels: readonly Panel[];
}
interface Described {
  readonly name: string;
  readonly columns?: readonly { readonly name: string; readonly data_tests: readonly string[] }[];
}

const dashboards = globSync('deploy/grafana/dashboards/*.json', { cwd: root }).map(
  (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Dashboard,
);
const panels = dashboards.flatMap(({ uid, panels }) =>
  panels.flatMap(({ title, type, targets }) =>
    targets.map(({ rawSql }) => [`${uid}: ${title}`, withTime(rawSql), type] as const),
  ),
);
const {
  datasources: [source],
} = parse(readFileSync(path.join(root, 'deploy/grafana/provisioning/datasource.yaml'), 'utf8')) as {
  datasources: { type: string; uid: string }[];
};
const provisioned = { type: source?.type, uid: source?.uid };
/** How the ClickHouse plugin of Grafana numbers the two forms of an answer. */
const formats: Readonly<Record<string, number>> = { timeseries: 0, table: 1 };
const dbt = path.join(root, 'deploy/dbt/models');
const models = new Map(
  globSync('**/*.sql', { cwd: dbt }).map((file) => [path.parse(file).name, readFileSync(path.join(dbt, file), 'utf8')]),
);
const yaml = <T>(file: string) => parse(readFileSync(path.join(dbt, file), 'utf8')) as T;

/** What the plugin makes of its macros for the year 2024. */
function withTime(sql: string): string {
  return sql
    .replaceAll(/\$__timeFilter\((\w+)\)/g, '$1 >= toDateTime(1704067200) AND $1 <= toDateTime(1735689600)')
    .replaceAll(/\$__dateFilter\((\w+)\)/g, "$1 >= toDate('2024-01-01') AND $1 <= toDate('2024-12-31')");
}

/** What dbt makes of a model: sources and other models in place of their names. */
function compiled(model: string): string {
  return (models.get(model) ?? `no model ${model}`)
    .replaceAll(/\{\{\s*source\('rapport',\s*'(\w+)'\)\s*\}\}/g, 'rapport.$1')
    .replaceAll(/\{\{\s*ref\('(\w+)'\)\s*\}\}/g, (_, name: string) => `(${compiled(name)})`);
}

describe('what is deployed beside Rapport', () => {
  let analytics: Analytics;
  beforeAll(async () => {
    analytics = await startAnalytics();
    await analytics.workspace();
    await analytics.touchpoints(smallShop());
  });
  afterAll(() => analytics.stop());

  it.each(panels)('Grafana asks what can be answered: %s', async (_, sql) => {
    const rows = await analytics.rows(sql);
    if (/FROM (money_moves|profiles|recorded_touchpoints|\w+_monthly)/.test(sql))
      expect(rows.length).toBeGreaterThan(0);
  });

  it.each(dashboards)('Grafana finds what it needs in $uid', ({ uid, title, schemaVersion, time, panels: all }) => {
    expect(uid).toMatch(/^[\w-]{1,40}$/);
    expect([title === '', schemaVersion >= 36, time.from === '', time.to === '']).toEqual([false, true, false, false]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const { type, datasource, targets, gridPos } of all) {
      expect(['timeseries', 'table', 'barchart', 'stat']).toContain(type);
      expect(datasource).toEqual(provisioned);
      expect([gridPos.w > 0, gridPos.h > 0, gridPos.x >= 0, gridPos.x + gridPos.w <= 24]).toEqual(Array(4).fill(true));
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      for (const { editorType, format, queryType } of targets) {
        expect([editorType, format]).toEqual(['sql', formats[queryType]]);
        expect(queryType === 'timeseries').toBe(type === 'timeseries');
      }
    }
    const cells = all.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });

  it('Grafana gets a time first in every time series, in order', async () => {
    const series = panels.filter(([, , type]) => type === 'timeseries');
    expect(series.length).toBeGreaterThan(0);
    for (const [panel, sql] of series) {
      const [first] = await analytics.rows(`DESCRIBE TABLE (${sql})`);
      expect([panel, String(first?.[1])]).toEqual([panel, expect.stringMatching(/^(Nullable\()?Date/)]);
      const times = (await analytics.rows(sql)).map(([at]) => String(at));
      expect(times).toEqual(times.toSorted());
    }
  });

  it('dbt: every model runs, and its tests hold', async () => {
    const { models: described } = yaml<{ models: Described[] }>('schema.yml');
    expect(described.map(({ name }) => name).sort()).toEqual([...models.keys()].sort());
    for (const { name, columns = [] } of described) {
      for (const { name: column, data_tests: tests } of columns) {
        const [counts] = await analytics.rows(
          `SELECT count(), countIf(${column} IS NULL), count() - uniqExact(${column}) FROM (${compiled(name)})`,
        );
        expect(Number(counts?.[0])).toBeGreaterThan(0);
        if (tests.includes('not_null')) expect([name, column, counts?.[1]]).toEqual([name, column, 0]);
        if (tests.includes('unique')) expect([name, column, counts?.[2]]).toEqual([name, column, 0]);
      }
    }
  });

  it('dbt: every source and the columns it tests are there', async () => {
    const { sources } = yaml<{ sources: { tables: Described[] }[] }>('sources.yml');
    for (const { name, columns = [] } of sources.flatMap(({ tables }) => tables)) {
      await analytics.rows(
        `SELECT ${['1', ...columns.map((column) => column.name)].join(', ')} FROM rapport.${name} LIMIT 1`,
      );
    }
  });

  it('dbt: the mart answers which source brings customers who stay', async () => {
    const rows = await analytics.rows(
      `SELECT acquisition_source, customers, repeat_customers, toFloat64(net_revenue) FROM (${compiled('customers_by_source')}) ORDER BY 1`,
    );
    expect(rows).toEqual([
      ['(direct)', 1, 1, 50],
      ['google', 1, 1, 5],
      ['newsletter', 1, 1, 30],
    ]);
  });
});
