import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { root, startAnalytics, type Analytics } from '../analytics/analytics.js';
import { smallShop } from './small-shop.js';

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly rawSql: string }[] }[];
}
interface Described {
  readonly name: string;
  readonly columns?: readonly { readonly name: string; readonly data_tests: readonly string[] }[];
}

const dashboards = globSync('deploy/grafana/dashboards/*.json', { cwd: root }).map(
  (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Dashboard,
);
const panels = dashboards.flatMap(({ uid, panels }) =>
  panels.flatMap(({ title, targets }) => targets.map(({ rawSql }) => [`${uid}: ${title}`, rawSql] as const)),
);
const dbt = path.join(root, 'deploy/dbt/models');
const models = new Map(
  globSync('**/*.sql', { cwd: dbt }).map((file) => [path.parse(file).name, readFileSync(path.join(dbt, file), 'utf8')]),
);
const yaml = <T>(file: string) => parse(readFileSync(path.join(dbt, file), 'utf8')) as T;

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
    if (/FROM (orders|profiles|recorded_touchpoints|\w+_monthly)/.test(sql)) expect(rows.length).toBeGreaterThan(0);
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
