import type { JsonValue } from '@rapport/events';
import { addCounts, firstByName } from '../bounded.js';
import { amountOf, averageOf, greaterOf, lesserOf, sumOf } from '../money.js';
import type { ComputedFunction } from '../rules/definition.js';
import { compareStamps, type Stamp } from '../stamp.js';
import { storableText } from '../storable.js';

/** Different values that `most-frequent` and `unique-list` tell apart, the first by their text. */
export const maxValues = 100;
const maxValueCharacters = 200;

/**
 * What is kept of the values of a computed trait so that more can be added in any order.
 * - count: how many; sum, min, max: exact decimal text
 * - average: exact decimal text of the sum, and how many
 * - first, last: the value with its stamp
 * - most-frequent, unique-list: how often, by the value as JSON text
 */
export type Tally = number | string | readonly [string, number] | StampedValue | Readonly<Record<string, number>>;
interface StampedValue {
  readonly at: Stamp;
  readonly value: JsonValue;
}

/** What one touchpoint adds; `undefined` where it has no value to add. `values`: what stands at the property. */
export function tallyOf(how: ComputedFunction, values: readonly JsonValue[], at: Stamp): Tally | undefined {
  if (how === 'count') return 1;
  const scalars = values.map(scalarOf).filter((value) => value !== undefined);
  const [scalar] = scalars;
  if (scalar === undefined) return undefined;
  switch (how) {
    case 'first':
    case 'last':
      return { at, value: scalar };
    case 'most-frequent':
    case 'unique-list':
      return scalars.map((value) => ({ [JSON.stringify(value)]: 1 })).reduce((a, b) => addCounts(a, b, maxValues), {});
    default:
      return amountTally(how, scalars);
  }
}

function amountTally(how: 'sum' | 'average' | 'min' | 'max', values: readonly JsonValue[]): Tally | undefined {
  const amounts = values.map(amountOf).filter((amount) => amount !== undefined);
  const [first, ...others] = amounts;
  if (first === undefined) return undefined;
  if (how === 'average') return [sumOf(amounts), amounts.length];
  return how === 'sum' ? sumOf(amounts) : others.reduce(how === 'min' ? lesserOf : greaterOf, first);
}

/** Both together. Commutative and associative. */
export function addTallies(how: ComputedFunction, a: Tally, b: Tally): Tally {
  switch (how) {
    case 'count':
      return (a as number) + (b as number);
    case 'sum':
      return sumOf([a as string, b as string]);
    case 'min':
      return lesserOf(a as string, b as string);
    case 'max':
      return greaterOf(a as string, b as string);
    case 'average': {
      const [[aSum, aCount], [bSum, bCount]] = [a as [string, number], b as [string, number]];
      return [sumOf([aSum, bSum]), aCount + bCount];
    }
    case 'first':
      return compareStamps((a as StampedValue).at, (b as StampedValue).at) <= 0 ? a : b;
    case 'last':
      return compareStamps((a as StampedValue).at, (b as StampedValue).at) >= 0 ? a : b;
    case 'most-frequent':
    case 'unique-list':
      return addCounts(a as Record<string, number>, b as Record<string, number>, maxValues);
  }
}

/** The trait's value. Sums and averages are decimal text, averages rounded to four places. */
export function valueOfTally(how: ComputedFunction, tally: Tally): JsonValue {
  switch (how) {
    case 'average': {
      const [sum, count] = tally as [string, number];
      return averageOf(sum, count);
    }
    case 'first':
    case 'last':
      return (tally as StampedValue).value;
    case 'most-frequent': {
      const counts = Object.entries(tally as Record<string, number>);
      const [most] = counts.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
      return most === undefined ? null : (JSON.parse(most[0]) as JsonValue);
    }
    case 'unique-list':
      return firstByName(Object.entries(tally), maxValues).map(([text]) => JSON.parse(text) as JsonValue);
    default:
      return tally as number | string;
  }
}

function scalarOf(value: JsonValue): string | number | boolean | undefined {
  if (typeof value === 'string') return value === '' ? undefined : storableText(value.slice(0, maxValueCharacters));
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
