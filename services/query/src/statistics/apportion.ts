import { Decimal } from 'decimal.js';

/** Enough for every product of money and weights here; a constructor of its own leaves the shared one as it is. */
const Exact = Decimal.clone({ precision: 60 });

/**
 * Splits `total` in proportion to the weights into parts of `decimals` places that add up to it exactly: each is rounded
 * down, and what is left goes, one unit each, to the largest remainders (ties: the earlier). Weights are 0 or more; when all are 0, the
 * split is even. No weights: no parts.
 */
export function apportion(total: Decimal, weights: readonly number[], decimals: number): readonly Decimal[] {
  if (weights.length === 0) return [];
  const sum = weights.reduce((all, weight) => all.plus(weight), new Exact(0));
  const sign = total.isNegative() ? -1 : 1;
  const units = new Exact(total).abs().times(new Exact(10).pow(decimals)).round();
  const exact = weights.map((weight) =>
    sum.isZero() ? units.div(weights.length) : units.times(new Exact(weight)).div(sum),
  );
  const floors = exact.map((part) => part.floor());
  const left = units.minus(floors.reduce((all, part) => all.plus(part), new Exact(0))).toNumber();
  const favoured = new Set(
    exact
      .map((part, index) => ({ index, remainder: part.minus(part.floor()) }))
      .sort((a, b) => b.remainder.comparedTo(a.remainder) || a.index - b.index)
      .slice(0, left)
      .map(({ index }) => index),
  );
  return floors.map(
    (part, index) =>
      new Decimal(
        part
          .plus(favoured.has(index) ? 1 : 0)
          .times(sign)
          .div(new Exact(10).pow(decimals))
          .toFixed(decimals),
      ),
  );
}
