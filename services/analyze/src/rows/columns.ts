import type { JsonObject, JsonValue } from '@rapport/events';
import { Decimal } from 'decimal.js';

/** How a column is written in RowBinary, and what its cells are. */
export interface CellOf {
  /** String, LowCardinality(String) */
  readonly text: string;
  /** Array(String) */
  readonly texts: readonly string[];
  /** Bool */
  readonly flag: boolean;
  /** DateTime64(3): milliseconds */
  readonly time: number;
  /** Nullable(DateTime64(3)): milliseconds */
  readonly 'optional-time': number | null;
  /** Nullable(Decimal(18, 4)): ten-thousandths */
  readonly 'optional-money': number | bigint | null;
  /** Array(Decimal(18, 4)): ten-thousandths */
  readonly moneys: readonly (number | bigint)[];
  /** Array(Nullable(Decimal(18, 4))): ten-thousandths */
  readonly 'optional-moneys': readonly (number | bigint | null)[];
  readonly uint32: number;
  readonly uint64: number;
  readonly float: number;
  /** Map(String, Float64) */
  readonly floats: Readonly<Record<string, number>>;
}
export type ColumnType = keyof CellOf;
export type Columns = readonly (readonly [name: string, type: ColumnType])[];
export type Cell = CellOf[ColumnType];
export type Row = readonly Cell[];

/** What DateTime64(3) can hold: from 1900 to the end of 2299, in milliseconds. */
const earliest = Date.UTC(1900, 0, 1);
const latest = Date.UTC(2300, 0, 1) - 1;

/** A time that the column cannot hold moves to its nearest end. */
export function time(milliseconds: number): number {
  return Math.min(Math.max(milliseconds, earliest), latest);
}

/** Null for no time, and for one that the column cannot hold. */
export function optionalTime(milliseconds: number | null): number | null {
  return milliseconds === null || milliseconds < earliest || milliseconds > latest ? null : milliseconds;
}

const decimalText = /^[+-]?\d+(\.\d+)?$/;
const scale = 10_000;
/** Below this, a double holds ten-thousandths exactly enough to round them. */
const exactNumbers = 1e10;
const decimalEnd = new Decimal(10).pow(14);

/** Money as ten-thousandths, rounded half up; null for what is no number or too large for Decimal(18, 4). */
export function money(value: JsonValue | undefined): number | bigint | null {
  if (typeof value === 'number' && Math.abs(value) < exactNumbers) return Math.round(value * scale);
  if (typeof value !== 'number' && !(typeof value === 'string' && decimalText.test(value.trim()))) return null;
  const amount = new Decimal(typeof value === 'string' ? value.trim() : value);
  if (!amount.isFinite() || amount.abs().gte(decimalEnd)) return null;
  return BigInt(amount.times(scale).toFixed(0));
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
