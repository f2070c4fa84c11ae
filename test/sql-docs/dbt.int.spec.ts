import { execFile, spawnSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describeUnless, temporaryFolder } from '@rapport/testing';
import { root, startAnalytics, type Analytics } from '../analytics/analytics.js';
import { insertSmallShopTables } from './small-shop-tables.js';
import { smallShop } from './small-shop.js';

const run = promisify(execFile);
const hasDbt = spawnSync('dbt', ['--version'], { encoding: 'utf8' }).stdout?.includes('clickhouse') === true;
const missing = hasDbt
  ? undefined
  : 'dbt with dbt-clickhouse is not on PATH, so the dbt package is not run (deploy/dbt/README.md).';

describeUnless(missing)('the dbt package', () => {
  const folder = temporaryFolder();
  let analytics: Analytics;
  beforeAll(async () => {
    analytics = await startAnalytics();
    await analytics.workspace();
    await analytics.touchpoints(smallShop());
    await insertSmallShopTables(analytics);
    cpSync(path.join(root, 'deploy/dbt'), folder.path, { recursive: true });
    const { hostname, port } = new URL(analytics.clickhouse.url);
    const target = { type: 'clickhouse', host: hostname, port: Number(port), user: 'writer', password: 'writer' };
    const profiles = {
      rapport: { target: 'test', outputs: { test: { ...target, schema: 'rapport_dbt', threads: 1 } } },
    };
    // JSON is YAML.
    writeFileSync(path.join(folder.path, 'profiles.yml'), JSON.stringify(profiles));
  }, 180_000);
  afterAll(async () => {
    await analytics.stop();
    folder.remove();
  });

  const dbt = async (...line: string[]): Promise<string> => {
    const env = { ...process.env, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' };
    const where = ['--project-dir', folder.path, '--profiles-dir', folder.path, '--no-use-colors'];
    const answer = await run('dbt', [...line, ...where], { env }).catch(
      (error: unknown) => error as { stdout: string },
    );
    return answer.stdout;
  };

  it('parses and compiles', async () => {
    expect(await dbt('compile')).not.toMatch(/error/i);
  }, 300_000);

  it('builds every model, and all of its tests and those of the sources hold', async () => {
    expect(await dbt('build')).toMatch(/Done\. PASS=\d+ WARN=0 ERROR=0 SKIP=0/);
    expect(
      await analytics.rows(
        'SELECT acquisition_source, customers, repeat_customers, toString(net_revenue) FROM rapport_dbt.customers_by_source ORDER BY 1',
      ),
    ).toEqual([
      ['(direct)', 1, 1, '50'],
      ['google', 1, 1, '5'],
      ['newsletter', 1, 1, '30'],
    ]);
    // And again, over what is there.
    expect(await dbt('run')).toMatch(/PASS=\d+ WARN=0 ERROR=0/);
  }, 300_000);
});
