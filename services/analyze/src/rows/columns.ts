import type { JsonObject, JsonValue } from '@rapport/events';
import { Decimal } from 'decimal.js';

/** A value as it stands in a row of JSONCompactEachRow. */
export type Cell = string | number | boolean | null | readonly string[] | Readonly<Record<string, number>>;
export type Row = readonly Cell[];

/** What DateTime64(3) can hold: from 1900 to the end of 2299, in milliseconds. */
const earliest = Date.UTC(1900, 0, 1);
const latest = Date.UTC(2300, 0, 1) - 1;

/** `YYYY-MM-DD hh:mm:ss.mmm` in UTC; a time that the column cannot hold moves to its nearest end. */
export function time(milliseconds: number): string {
  const held = Math.min(Math.max(milliseconds, earliest), latest);
  const iso = new Date(held).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}`;
}

/** As `time`; null for no time, and for one that the column cannot hold. */
export function optionalTime(milliseconds: number | null): string | null {
  if (milliseconds === null || milliseconds < earliest || milliseconds > latest) return null;
  return time(milliseconds);
}

const decimalText = /^[+-]?\d+(\.\d+)?$/;
const decimalEnd = new Decimal(10).pow(14);

/** Money for Decimal(18, 4), rounded half up; null for what is no number or too large to hold. */
export function money(value: JsonValue | undefined): string | null {
  if (typeof value !== 'number' && !(typeof value === 'string' && decimalText.test(value.trim()))) return null;
  const amount = new Decimal(typeof value === 'string' ? value.trim() : value);
  return amount.isFinite() && amount.abs().lt(decimalEnd) ? amount.toFixed(4) : null;
}

export function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

export function text(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}

export function objectIn(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

export function json(value: JsonObject | undefined): string {
  return value === undefined ? '{}' : JSON.stringify(value);
}
