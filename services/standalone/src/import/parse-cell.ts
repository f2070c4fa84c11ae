import { type JsonValue } from '@rapport/events';
import { Decimal } from 'decimal.js';
import { CellFault, JsonCell, type Cell } from './cell.js';
import { type ColumnDocument, type ColumnType, type InputDocument } from './mapping-document.js';
import { timeReader } from './time-format.js';

/** A value as the file's format gives it: a text in CSV; in JSON Lines and Parquet also numbers, dates, lists. */
export type RawValue = unknown;
export type ParseCell = (raw: RawValue) => Cell;

const none: ReadonlySet<string> = new Set(['']);
const yes: ReadonlySet<string> = new Set(['true', 'yes', 'y', 't', '1']);
const no: ReadonlySet<string> = new Set(['false', 'no', 'n', 'f', '0']);

/** Reads a value of the declared type. What it gives throws `CellFault` for a value that is none. */
export function compileParser(document: ColumnDocument, input: InputDocument): ParseCell {
  const parse = document.values ? valuesParser(document.values) : parserOf(document, input);
  const empty: ReadonlySet<string> = input.empty ? new Set(['', ...input.empty]) : none;
  const remove = document.remove === undefined ? undefined : new RegExp(document.remove, 'gu');
  const fallback = constantCell(document.default, document.type);
  return (raw) => {
    if (raw === undefined || raw === null) return fallback;
    if (typeof raw !== 'string') return parse(raw);
    const text = (remove === undefined ? raw : raw.replace(remove, '')).trim();
    return empty.has(text) ? fallback : parse(text);
  };
}

/** A value that is written in the mapping itself. */
export function constantCell(value: string | number | boolean | undefined, type: ColumnType = 'text'): Cell {
  if (value === undefined) return undefined;
  if (type === 'decimal' && typeof value !== 'boolean') return new Decimal(value);
  if (type === 'time') return timeReader([], 'UTC')(String(value));
  return value;
}

function valuesParser(values: NonNullable<ColumnDocument['values']>): ParseCell {
  const known = new Map(Object.entries(values));
  return (raw) => {
    const value = known.get(plainText(raw));
    if (value === undefined) throw new CellFault(`must be one of ${[...known.keys()].join(', ')}`);
    return value;
  };
}

function parserOf({ type = 'text', format, timeZone }: ColumnDocument, input: InputDocument): ParseCell {
  switch (type) {
    case 'text':
      return plainText;
    case 'integer':
      return (raw) => numberFrom(raw, /^[+-]?\d{1,15}(?:\.0+)?$/, 'a whole number, like 12');
    case 'number':
      return (raw) => numberFrom(raw, /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i, 'a number, like 6.95');
    case 'decimal':
      return remembering(decimalFrom);
    case 'boolean':
      return booleanFrom;
    case 'json':
      return jsonFrom;
    case 'time': {
      const formats = format === undefined ? [] : [format].flat();
      const read = timeReader(formats, timeZone ?? input.timeZone ?? 'UTC');
      const wanted = formats.length === 0 ? 'ISO 8601, like 2010-12-01T08:26:00Z' : formats.join(' or ');
      return (raw) => {
        const time = raw instanceof Date ? raw : read(plainText(raw));
        if (time === undefined || Number.isNaN(time.getTime())) throw new CellFault(`must be a time: ${wanted}`);
        return time;
      };
    }
  }
}

/** A file repeats its prices: half a million lines hold a few thousand. */
function remembering<T>(parse: (raw: RawValue) => T): (raw: RawValue) => T {
  const known = new Map<RawValue, T>();
  return (raw) => {
    const value = known.get(raw) ?? parse(raw);
    if (known.size < 100_000) known.set(raw, value);
    return value;
  };
}

function plainText(raw: RawValue): string {
  if (typeof raw === 'string') return raw;
  if (raw instanceof Date) return raw.toISOString();
  if (typeof raw === 'object') throw new CellFault('must be a single value, not a list or an object');
  return String(raw);
}

function numberFrom(raw: RawValue, pattern: RegExp, wanted: string): number {
  const text = plainText(raw);
  const value = Number(text);
  if (!pattern.test(text) || !Number.isFinite(value)) throw new CellFault(`must be ${wanted}`);
  return value;
}

function decimalFrom(raw: RawValue): Decimal {
  const text = plainText(raw);
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,2})?$/i.test(text)) throw new CellFault('must be an amount, like 6.95');
  return new Decimal(text);
}

function booleanFrom(raw: RawValue): boolean {
  const text = plainText(raw).toLowerCase();
  if (yes.has(text)) return true;
  if (no.has(text)) return false;
  throw new CellFault('must be yes or no');
}

function jsonFrom(raw: RawValue): Cell {
  try {
    const value: unknown = typeof raw === 'string' ? JSON.parse(raw) : JSON.parse(JSON.stringify(raw, withoutBigInt));
    return new JsonCell(value as JsonValue);
  } catch {
    throw new CellFault('must be JSON');
  }
}

/** Parquet's 64-bit integers. Beyond 2^53 a number would lie. */
function withoutBigInt(_key: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
