import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { querySettings } from '@rapport/analytics-db';
import { startTestClickHouse, temporaryFolder, type TestClickHouse } from '@rapport/testing';
import { storeMoney } from './store-money.js';

const schemasDir = path.resolve(import.meta.dirname, '../../../schemas');
const workspaces = [{ id: 'shop' }];

let clickhouse: TestClickHouse;
let folder: ReturnType<typeof temporaryFolder>;
let file: string;
let now = Date.UTC(2026, 0, 1);

beforeAll(async () => {
  clickhouse = await startTestClickHouse(schemasDir);
});
afterAll(() => clickhouse.stop());
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(path.join(folder.path, 'money'));
  file = path.join(folder.path, 'money', 'shop.yaml');
});
afterEach(() => folder.remove());

const store = () =>
  storeMoney(clickhouse.client, { definitionsDir: folder.path, schemasDir }, workspaces, (now += 1_000));
async function rows(query: string): Promise<unknown[]> {
  const answer = await clickhouse.client.query({ query, format: 'JSONCompact', clickhouse_settings: querySettings });
  return (await answer.json<unknown[]>()).data;
}

const declared = `workspace: shop
exchange_rates:
  - { currency: GBP, to: EUR, from: 2026-01-01, rate: 1.1534 }
acquisition_costs:
  - { source: google, medium: cpc, from: 2026-03-01, to: 2026-03-31, amount: 1200.5, currency: EUR }
product_costs:
  - { product: p-1, from: 2026-01-01, cost: 0.0001, currency: EUR }
`;

describe('the money of a workspace', () => {
  it('is what its file declares, exactly', async () => {
    writeFileSync(file, declared);
    await store();
    expect(
      await rows('SELECT workspace_id, currency, toString(valid_from), toString(rate) FROM exchange_rates'),
    ).toEqual([['shop', 'GBP', '2026-01-01', '1.1534']]);
    expect(
      await rows('SELECT source, medium, campaign, toString(valid_to), toString(amount) FROM acquisition_costs'),
    ).toEqual([['google', 'cpc', '', '2026-03-31', '1200.5']]);
    expect(await rows('SELECT product_id, toString(cost), currency FROM product_costs')).toEqual([
      ['p-1', '0.0001', 'EUR'],
    ]);
  });

  it('is replaced whole: what is declared no more is gone', async () => {
    writeFileSync(file, declared);
    await store();
    writeFileSync(file, 'workspace: shop\nexchange_rates: []\n');
    await store();
    for (const view of ['exchange_rates', 'acquisition_costs', 'product_costs']) {
      expect(await rows(`SELECT * FROM ${view}`)).toEqual([]);
    }
    rmSync(file);
    await store();
    expect(await rows('SELECT * FROM exchange_rates')).toEqual([]);
  });

  it('names the file and the line of what cannot be', async () => {
    writeFileSync(file, declared.replace('shop', 'elsewhere').replace('to: 2026-03-31', 'to: 2026-02-01'));
    await expect(store()).rejects.toThrow(/shop\.yaml:1:12 workspace.*elsewhere[^]*shop\.yaml:5:.*swap/);
    writeFileSync(file, declared.replace('from: 2026-01-01, rate', 'from: 2026-02-30, rate'));
    await expect(store()).rejects.toThrow(/shop\.yaml:3:.*from/);
  });
});
