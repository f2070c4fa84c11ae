import { createReadStream, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';
import type { ClickHouseClient } from '@clickhouse/client';
import { querySettings } from '@rapport/analytics-db';
import { profileIdOf, type OpenedTouchpoint } from '@rapport/events';
import { startTestClickHouse, type TestClickHouse } from '@rapport/testing';
import { storeTouchpoints } from './store-touchpoints.js';
import { storeWorkspaces } from './store-workspaces.js';

/**
 * The invoices of a real shop (UCI Online Retail II, 2009-12 to 2010-12), and figures that others computed from them.
 * The files are not part of this repository.
 */
const root = fileURLToPath(new URL('../../..', import.meta.url));
const shared = process.env['RAPPORT_SHARED_DIR'] ?? path.join(root, '..', 'shared');
const invoices = path.join(shared, 'data/online_retail/online_retail_II_2009_2010.csv.gz');
const figuresFile = path.join(shared, 'data/reference/retail_2009_2010.json');
const present = existsSync(invoices) && existsSync(figuresFile);
if (!present) console.warn(`Skipped: ${invoices} is not there. Set RAPPORT_SHARED_DIR to the folder that holds data/.`);

interface Figures {
  readonly customers: number;
  readonly invoices: number;
  readonly revenue: number;
  readonly repeat_purchase: { readonly by_invoice: { readonly customers: number; readonly rate: number } };
  readonly monthly_cohorts_active_customers: Readonly<Record<string, readonly number[]>>;
  readonly monthly_revenue: Readonly<Record<string, number>>;
  readonly historical_ltv_by_cohort_month: Readonly<Record<string, number>>;
}

(present ? describe : describe.skip)('the figures of a real shop', () => {
  let clickhouse: TestClickHouse;
  let figures: Figures;

  beforeAll(async () => {
    figures = (JSON.parse(readFileSync(figuresFile, 'utf8')) as { verified_here: Figures }).verified_here;
    clickhouse = await startTestClickHouse(path.join(root, 'schemas'));
    const workspace = { id: 'default', name: 'Shop', timeZone: 'UTC', currency: 'GBP', sources: [] };
    await storeWorkspaces(clickhouse.client, [workspace], 1);
    const orders = await ordersOf(invoices, clickhouse.client);
    await storeTouchpoints(clickhouse.client, orders, 'online-retail');
  });
  afterAll(() => clickhouse.stop());

  it('has the customers, invoices and revenue that others counted', async () => {
    const [row] = await rows('SELECT uniqExact(profile_id), count(), sum(total) FROM orders');
    expect(row?.slice(0, 2)).toEqual([figures.customers, figures.invoices]);
    expectMoney(row?.[2], figures.revenue);
  });

  it('has their repeat purchases', async () => {
    const [row] = await rows('SELECT countIf(order_count > 1) AS again, again / count() FROM profiles');
    expect(row).toEqual([figures.repeat_purchase.by_invoice.customers, figures.repeat_purchase.by_invoice.rate]);
  });

  it('has their monthly cohorts, every cell', async () => {
    const cells = await rows(
      "SELECT formatDateTime(cohort_month, '%Y-%m'), groupArray(active), any(customers) FROM cohort_retention_monthly GROUP BY 1 ORDER BY 1",
    );
    const expected = Object.entries(figures.monthly_cohorts_active_customers);
    expect(cells).toEqual(expected.map(([month, active]) => [month, active, active[0]]));
  });

  it('has their revenue by month, over all cohorts', async () => {
    const months = await rows(
      "SELECT formatDateTime(addMonths(cohort_month, age_months), '%Y-%m') AS month, sum(revenue) FROM ltv_by_cohort_monthly GROUP BY month ORDER BY month",
    );
    expect(months.map(([month]) => month)).toEqual(Object.keys(figures.monthly_revenue));
    for (const [month, revenue] of months) expectMoney(revenue, figures.monthly_revenue[String(month)]);
  });

  it('has their lifetime value by cohort', async () => {
    const cohorts = await rows(
      "SELECT formatDateTime(cohort_month, '%Y-%m') AS month, argMax(ltv, age_months) FROM ltv_by_cohort_monthly GROUP BY month ORDER BY month",
    );
    expect(cohorts.map(([month]) => month)).toEqual(Object.keys(figures.historical_ltv_by_cohort_month));
    for (const [month, ltv] of cohorts) expectMoney(ltv, figures.historical_ltv_by_cohort_month[String(month)]);
  });

  async function rows(query: string): Promise<unknown[][]> {
    const settings = { ...querySettings, output_format_json_quote_64bit_integers: 0 } as const;
    const answer = await clickhouse.client.query({ query, format: 'JSONCompact', clickhouse_settings: settings });
    return (await answer.json<unknown[]>()).data;
  }
});

function expectMoney(found: unknown, expected: number | undefined): void {
  expect(Math.abs(Number(found) - (expected ?? Number.NaN))).toBeLessThanOrEqual(0.02);
}

/** One order an invoice, of its kept lines: with a customer, quantity and price above zero, no credit note. */
async function ordersOf(file: string, client: ClickHouseClient): Promise<OpenedTouchpoint[]> {
  await client.command({
    query: `CREATE TABLE invoice_lines
      (Invoice String, StockCode String, Description String, Quantity Int64, InvoiceDate DateTime('UTC'), Price Decimal(18, 4), CustomerID String, Country String)
      ENGINE = MergeTree ORDER BY Invoice`,
  });
  const lines = createReadStream(file).pipe(createGunzip());
  await client.insert({ table: 'invoice_lines', values: lines, format: 'CSVWithNames' });
  const answer = await client.query({
    query: `SELECT Invoice AS invoice, any(CustomerID) AS customer, toUnixTimestamp(min(InvoiceDate)) * 1000 AS at, sum(Quantity * Price) AS total
      FROM invoice_lines
      WHERE CustomerID != '' AND NOT startsWith(Invoice, 'C') AND Quantity > 0 AND Price > 0
      GROUP BY Invoice
      ORDER BY Invoice`,
    format: 'JSONEachRow',
    clickhouse_settings: { ...querySettings, output_format_json_quote_64bit_integers: 0 },
  });
  const orders = await answer.json<{ invoice: string; customer: string; at: number; total: string }>();
  return orders.map(({ invoice, customer, at, total }, offset) => ({
    workspaceId: 'default',
    sourceId: 'shop',
    messageId: invoice,
    type: 'track',
    event: 'Order Completed',
    subjectId: customer,
    keyId: '1',
    timestamp: at,
    originalTimestamp: at,
    sentAt: null,
    receivedAt: Date.UTC(2024, 0, 1),
    flags: [],
    imported: true,
    profileId: profileIdOf('default', 'userId', customer),
    loneProfileId: profileIdOf('default', 'userId', customer),
    logPartition: 0,
    logOffset: offset,
    content: { userId: customer, properties: { order_id: invoice, total: Number(total), currency: 'GBP' } },
  }));
}
