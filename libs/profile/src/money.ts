import type { JsonValue } from '@rapport/events';
import { Decimal } from 'decimal.js';

/** Digits kept behind the point, as in the analytics store. */
const scale = 4;
const limit = 10 ** 14;

/**
 * An amount as exact decimal text with up to four places, or `undefined` for what is no amount: text that is no plain
 * number (`"1,000.00"`), not finite, or from 10^14 up.
 */
export function amountOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || Math.abs(value) >= limit) return undefined;
    return Number.isInteger(value) ? String(value + 0) : exact(value);
  }
  if (typeof value !== 'string' || !/^\s*[+-]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})\s*$/.test(value)) return undefined;
  return Math.abs(Number(value)) >= limit ? undefined : exact(value.trim());
}

/** ISO 4217 code in capitals, where it looks like one. */
export function currencyOf(value: JsonValue | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const code = value.trim().toUpperCase();
  return /^[A-Z]{3}$/.test(code) ? code : undefined;
}

export function sumOf(amounts: readonly string[]): string {
  return amounts.reduce((sum, amount) => sum.plus(amount), new Decimal(0)).toFixed();
}

export function greaterOf(a: string, b: string): string {
  return Decimal.max(a, b).toFixed();
}

export function lesserOf(a: string, b: string): string {
  return Decimal.min(a, b).toFixed();
}

/** Rounded to four places. `count` is at least 1. */
export function averageOf(sum: string, count: number): string {
  return new Decimal(sum).div(count).toDecimalPlaces(scale, Decimal.ROUND_HALF_EVEN).toFixed();
}

/** With what there is to round: anything else is its own exact text. */
const plainAmount = /^-?(?:0|[1-9]\d*)\.\d{0,3}[1-9]$/;

function exact(value: number | string): string {
  const text = String(value);
  if (plainAmount.test(text)) return text;
  const rounded = new Decimal(value).toDecimalPlaces(scale, Decimal.ROUND_HALF_EVEN);
  return rounded.isZero() ? '0' : rounded.toFixed();
}
