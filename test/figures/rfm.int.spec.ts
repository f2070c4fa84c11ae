import { referenceFigures } from '@rapport/testing';
import { describeWith } from './data-set.js';
import { startFigures, type Figures } from './figures.js';

interface Scores {
  readonly R: Readonly<Record<string, number>>;
  readonly F: Readonly<Record<string, number>>;
  readonly M: Readonly<Record<string, number>>;
  readonly cells_used: number;
  readonly top_cell_555: number;
  readonly bottom_cell_111: number;
  readonly sample: Readonly<Record<string, number>>;
}
interface Published {
  readonly published: { readonly customers: number; readonly README: Readonly<Record<string, number>> };
  readonly verified_here: {
    readonly values: Readonly<Record<string, readonly [number, number, number]>>;
    readonly scores: Readonly<Record<string, Scores>>;
  };
}

const file = 'rfm/rfm_data_orders.csv.gz';
/** The names of the reference, and ours. */
const conventions = [
  ['rfm_r', 'quantile-plus-one'],
  ['le_q', 'quantile'],
  ['ntile', 'ntile'],
] as const;

describeWith([file])('RFM of the R package rfm, from its own orders', () => {
  let figures: Figures;
  let reference: Published;
  beforeAll(async () => {
    reference = referenceFigures<Published>('rfm_package');
    figures = await startFigures('USD');
    await figures.load('rfm-orders', [file]);
  });
  afterAll(() => figures.stop());

  const rfm = (ties: string) => `rfm(as_of = '2006-12-31', ties = '${ties}')`;

  it('has the values and the scores that its README prints', async () => {
    const rows = await figures.rows(
      `SELECT profile_id, recency_days, frequency, toFloat64(monetary), rfm_score FROM ${rfm('quantile-plus-one')}`,
    );
    expect(rows).toHaveLength(reference.published.customers);
    const byName = new Map(rows.map(([name, ...values]) => [name, values]));
    for (const [name, values] of Object.entries(reference.verified_here.values)) {
      expect(byName.get(name)).toEqual([...values, reference.published.README[name]]);
    }
  });

  it.each(conventions)('has the counts of every score under the convention %s', async (published, ties) => {
    const expected = reference.verified_here.scores[published];
    const counts = async (column: string) =>
      Object.fromEntries(
        (await figures.rows(`SELECT toString(${column}), count() FROM ${rfm(ties)} GROUP BY 1 ORDER BY 1`)) as [
          string,
          number,
        ][],
      );
    expect(await counts('recency_score')).toEqual(expected?.R);
    expect(await counts('frequency_score')).toEqual(expected?.F);
    expect(await counts('monetary_score')).toEqual(expected?.M);
    const cells = await counts('rfm_score');
    expect([Object.keys(cells).length, cells['555'], cells['111']]).toEqual([
      ...[expected?.cells_used, expected?.top_cell_555, expected?.bottom_cell_111],
    ]);
  });

  it('knows no other convention', async () => {
    await expect(figures.rows(`SELECT count(rfm_score) FROM ${rfm('tertile')}`)).rejects.toThrow(
      /ties must be quantile-plus-one/,
    );
  });
});
