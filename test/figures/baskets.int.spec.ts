import { referenceFigures } from '@rapport/testing';
import { describeWith } from './data-set.js';
import { startFigures, type Figures } from './figures.js';

interface Rule {
  readonly lhs: readonly string[];
  readonly rhs: string;
  readonly count: number;
  readonly support: number;
  readonly confidence: number;
  readonly lift: number;
}
interface Reference {
  readonly verified_here: {
    readonly groceries: {
      readonly baskets: number;
      readonly items: number;
      readonly item_rows: number;
      readonly top_items: readonly [string, number][];
      readonly rules_supp_0_001_conf_0_5: number;
      readonly rules_supp_0_001_conf_0_8: number;
      readonly top_lift_conf_0_8: readonly Rule[];
      readonly pairs_for_whole_milk: readonly {
        readonly item: string;
        readonly count: number;
        readonly support: number;
        readonly confidence_given_item: number;
        readonly lift: number;
      }[];
    };
  };
}

const file = 'baskets/groceries.csv.gz';

describeWith([file])('basket rules of Groceries (R package arules)', () => {
  let figures: Figures;
  let reference: Reference['verified_here']['groceries'];
  beforeAll(async () => {
    reference = referenceFigures<Reference>('recommendations').verified_here.groceries;
    figures = await startFigures('EUR');
    await figures.load('groceries', [file]);
  });
  afterAll(() => figures.stop());

  it('has their baskets and items', async () => {
    const lines = `SELECT order_id, JSONExtractString(product, 'product_id') AS item
      FROM orders ARRAY JOIN JSONExtractArrayRaw(properties, 'products') AS product`;
    expect(await figures.rows(`SELECT uniqExact(order_id), uniqExact(item), count() FROM (${lines})`)).toEqual([
      [reference.baskets, reference.items, reference.item_rows],
    ]);
    expect(
      await figures.rows(`SELECT item, count() AS sold FROM (${lines}) GROUP BY item ORDER BY sold DESC LIMIT 5`),
    ).toEqual(reference.top_items);
  });

  it('finds as many rules as published, with the same support, confidence and lift', async () => {
    // Support 0.001 of 9,835 baskets, inclusive: 10 baskets.
    const rules = await figures.ask('basket-rules', { min_baskets: 10, min_confidence: 0.5 });
    expect(rules).toHaveLength(reference.rules_supp_0_001_conf_0_5);
    const sure = rules.filter(([, , , , confidence]) => Number(confidence) >= 0.8);
    expect(sure).toHaveLength(reference.rules_supp_0_001_conf_0_8);
    for (const { lhs, rhs, count, support, confidence, lift } of reference.top_lift_conf_0_8) {
      const found = sure.find(([left, right]) => right === rhs && JSON.stringify(left) === JSON.stringify(lhs));
      expect(found?.slice(0, 3)).toEqual([lhs, rhs, count]);
      for (const [index, value] of [support, confidence, lift].entries())
        expect(found?.[index + 3]).toBeCloseTo(value, 12);
    }
    expect(sure[0]?.slice(0, 2)).toEqual([reference.top_lift_conf_0_8[0]?.lhs, reference.top_lift_conf_0_8[0]?.rhs]);
  });

  it('has what is bought together with whole milk', async () => {
    const found = await figures.ask('bought-together', { item: 'whole milk', most: 5 });
    expect(found.map(([item, baskets]) => [item, baskets])).toEqual(
      reference.pairs_for_whole_milk.map(({ item, count }) => [item, count]),
    );
    reference.pairs_for_whole_milk.forEach((pair, index) => {
      expect(found[index]?.[2]).toBeCloseTo(pair.support, 12);
      expect(found[index]?.[3]).toBeCloseTo(pair.confidence_given_item, 12);
      expect(found[index]?.[4]).toBeCloseTo(pair.lift, 12);
    });
  });
});
