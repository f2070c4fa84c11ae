import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { referenceFigures, sharedData } from '@rapport/testing';
import { describeWith } from './data-set.js';
import { startFigures, type Figures } from './figures.js';

interface Reference {
  readonly published: {
    readonly counts: {
      readonly customers: number;
      readonly transactions: number;
      readonly repeaters_in_calibration: number;
      readonly repeat_transactions_calibration: number;
      readonly holdout_transactions: number;
    };
  };
}

const purchases = 'cdnow/CDNOW_sample.txt.gz';
const summary = 'cdnow/cdnow_customers_summary_with_transactions.csv.gz';

describeWith([purchases, summary])('the purchases of CDNOW, as models of purchases count them', () => {
  let figures: Figures;
  let counts: Reference['published']['counts'];
  let found: unknown[][];
  beforeAll(async () => {
    ({ counts } = referenceFigures<Reference>('clv_cdnow').published);
    figures = await startFigures('USD');
    await figures.load('cdnow', [purchases]);
    // The first 39 weeks; what came later is held out.
    const parameters = { workspace: 'default', until: '1997-09-30', unit_days: 7 };
    found = await figures.ask('purchase-summary', parameters);
  });
  afterAll(() => figures.stop());

  it('are as many', async () => {
    expect(await figures.rows('SELECT count(), uniqExact(profile_id) FROM orders')).toEqual([
      [counts.transactions, counts.customers],
    ]);
    const repeats = found.map(([, x]) => Number(x));
    expect(repeats.filter((x) => x > 0)).toHaveLength(counts.repeaters_in_calibration);
    expect(repeats.reduce((sum, x) => sum + x, 0)).toBe(counts.repeat_transactions_calibration);
    expect(await figures.rows("SELECT sum(orders > 0) FROM purchases WHERE day > '1997-09-30'")).toEqual([
      [counts.holdout_transactions],
    ]);
  });

  it('give each customer the x, t_x, T and mean that others published, to their two digits', () => {
    const lines = gunzipSync(readFileSync(path.join(sharedData, summary)))
      .toString()
      .trim()
      .split('\n')
      .slice(1);
    expect(found).toHaveLength(lines.length);
    const byId = new Map(found.map(([id, ...values]) => [Number(id), values.map(Number)]));
    const differing = lines.filter((line) => {
      const [id, ...expected] = line.split(',').map(Number);
      const values = byId.get(id ?? Number.NaN) ?? [];
      return expected.some((value, at) => !(Math.abs(value - (values[at] ?? Number.NaN)) <= 0.00501));
    });
    expect(differing).toEqual([]);
  });
});
