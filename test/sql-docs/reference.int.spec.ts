import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, startAnalytics, type Analytics } from '../analytics/analytics.js';
import { catalog, describeAll, noRows, type Described } from './describe-views.js';
import { insertSmallShopTables } from './small-shop-tables.js';
import { smallShop } from './small-shop.js';

const file = path.join(root, 'docs/sql/reference.md');

describe('the reference of tables and views', () => {
  let analytics: Analytics;
  let described: readonly Described[];
  beforeAll(async () => {
    analytics = await startAnalytics();
    await analytics.workspace();
    await analytics.touchpoints(smallShop());
    await insertSmallShopTables(analytics);
    described = await describeAll(analytics);
  });
  afterAll(() => analytics.stop());

  it('says what a row is of every table and view', () => {
    expect(described.filter(({ grain }) => grain === '').map(({ name }) => name)).toEqual([]);
  });

  it('says of every view what one row is', () => {
    const views = described.filter(({ kind }) => kind === 'view');
    expect(views.filter(({ grain }) => !/^One row (an?|in) /.test(grain)).map(({ name }) => name)).toEqual([]);
  });

  it('says what every column means, in ClickHouse itself', () => {
    const bare = described.flatMap(({ name, columns }) =>
      columns.filter(({ comment }) => comment === '').map((column) => `${name}.${column.name}`),
    );
    // Put the missing ones into schemas/clickhouse/catalog.yml, or a COMMENT into the migration.
    expect(bare).toEqual([]);
  });

  it('keeps money as Decimal', () => {
    const money =
      /^(money|orders less refunds|monthly charge|charge of|margin|net revenue|acquisition cost|what .* costs? us)/i;
    const inexact = described.flatMap(({ name, columns }) =>
      columns
        .filter(({ type, comment }) => money.test(comment) && !type.includes('Decimal'))
        .map((column) => `${name}.${column.name}`),
    );
    expect(inexact).toEqual([]);
  });

  it('describes nothing that is not there', () => {
    const columns = new Map(described.map(({ name, columns: all }) => [name, all.map((column) => column.name)]));
    expect(Object.keys(catalog.examples).filter((name) => !columns.has(name))).toEqual([]);
    const special = Object.entries(catalog.views).flatMap(([view, words]) =>
      Object.keys(words)
        .filter((column) => !columns.get(view)?.includes(column))
        .map((column) => `${view}.${column}`),
    );
    expect(special).toEqual([]);
    const ofViews = new Set(
      described.filter(({ kind }) => kind === 'view').flatMap(({ name }) => columns.get(name) ?? []),
    );
    expect(Object.keys(catalog.columns).filter((column) => !ofViews.has(column))).toEqual([]);
  });

  it('has a row to show of each', () => {
    expect(described.filter(({ result }) => result === noRows).map(({ name }) => name)).toEqual([]);
  });

  it('is what docs/sql/reference.md says, results included', () => {
    const text = referenceText(described);
    // After a change of views: RAPPORT_WRITE_DOCS=1 npm run jest -- test/sql-docs
    if (process.env['RAPPORT_WRITE_DOCS'] === '1') writeFileSync(file, text);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});

function referenceText(all: readonly Described[]): string {
  const part = (title: string, kind: Described['kind']) => [
    `## ${title}`,
    '',
    ...all.filter((one) => one.kind === kind).flatMap(section),
  ];
  return [
    '# Tables and views',
    '',
    'Written from the database and [catalog.yml](../../schemas/clickhouse/catalog.yml) by `RAPPORT_WRITE_DOCS=1 npm run jest -- test/sql-docs`; do not edit it.',
    'The same words stand in ClickHouse: `DESCRIBE orders`. Every example is run by a test on the small shop of',
    '[small-shop.ts](../../test/sql-docs/small-shop.ts), with the result shown.',
    '',
    'Money is in the currency that the row names, in the reporting currency of the workspace where it names none. Times are UTC; days and',
    "months are counted in the workspace's time zone. Rates go from 0 to 1.",
    '',
    ...part('Views', 'view'),
    ...part('Tables', 'table'),
  ].join('\n');
}

function section({ name, grain, parameters, columns, example, result }: Described): string[] {
  return [
    `### ${name}`,
    '',
    grain,
    '',
    ...parameters.map((parameter) => `- \`${parameter}\`: ${catalog.parameters[parameter]?.means}`),
    ...(parameters.length > 0 ? [''] : []),
    '| column | type | |',
    '| --- | --- | --- |',
    ...columns.map(
      (column) =>
        `| \`${column.name}\` | ${column.type.replaceAll('|', '\\|')} | ${column.comment.replaceAll('|', '\\|')} |`,
    ),
    '',
    '```sql',
    example,
    '```',
    '',
    '```text',
    result,
    '```',
    '',
  ];
}
