import { type JsonObject, type JsonValue } from '@rapport/events';
import { Decimal } from 'decimal.js';
import { toDecimal, toJson, toText, type Cell } from './cell.js';
import { columnsOfTemplate, compileShift, compileTemplate } from './columns.js';
import { type ValueDocument } from './mapping-document.js';

/** The rows a touchpoint is made of, at least one; those of a group in the order of the file. */
export type Rows = readonly (readonly Cell[])[];
/** `light`: without what the mapping allows to leave out of a touchpoint that is too large. */
export type ValueOf = (rows: Rows, light: boolean) => JsonValue | undefined;
type PositionOf = (column: string) => number;

export function compileValue(document: ValueDocument, positionOf: PositionOf): ValueOf {
  if (typeof document === 'string') return firstOf(positionOf(document));
  if ('value' in document) return () => document.value;
  if ('template' in document) {
    const fill = compileTemplate(document.template, positionOf);
    return ([first]) => fill(first ?? []);
  }
  if ('object' in document) return compileObject(document.object, positionOf);
  if ('list' in document) {
    const items = document.list.map((item) => compileValue(item, positionOf));
    return (rows, light) => items.map((item) => item(rows, light)).filter((item) => item !== undefined);
  }
  if ('shift' in document) {
    const shifted = compileShift(document.shift, positionOf);
    return ([first]) => shifted(first ?? [])?.toISOString();
  }
  if ('rows' in document) return compileRows(document, positionOf);
  if ('count' in document) return (rows) => rows.length;
  if ('sum' in document) return sumOf([document.sum].flat().map(positionOf));
  if ('distinct' in document) return distinct(positionOf(document.distinct));
  return 'min' in document ? extreme(positionOf(document.min), -1) : extreme(positionOf(document.max), 1);
}

/** Leaves out what is undefined; undefined when nothing is left. */
export function compileObject(
  document: Readonly<Record<string, ValueDocument>>,
  positionOf: PositionOf,
): (rows: Rows, light: boolean) => JsonObject | undefined {
  const members = Object.entries(document).map(([name, value]) => [name, compileValue(value, positionOf)] as const);
  return (rows, light) => {
    const object: Record<string, JsonValue> = {};
    let any = false;
    for (const [name, valueOf] of members) {
      const value = valueOf(rows, light);
      if (value === undefined || value === null) continue;
      object[name] = value;
      any = true;
    }
    return any ? object : undefined;
  };
}

/** Every column that a value reads. */
export function columnsOfValue(document: ValueDocument): readonly string[] {
  if (typeof document === 'string') return [document];
  if ('value' in document || 'count' in document) return [];
  if ('template' in document) return columnsOfTemplate(document.template);
  if ('object' in document) return Object.values(document.object).flatMap(columnsOfValue);
  if ('rows' in document) return Object.values(document.rows).flatMap(columnsOfValue);
  if ('list' in document) return document.list.flatMap(columnsOfValue);
  if ('shift' in document) return [document.shift.from, document.shift.by];
  return (Object.values(document) as (string | string[])[]).flat();
}

function firstOf(position: number): ValueOf {
  return (rows) => {
    for (const row of rows) if (row[position] !== undefined) return toJson(row[position]);
    return undefined;
  };
}

function compileRows(
  { rows: members, lighten = [] }: Extract<ValueDocument, { rows: unknown }>,
  positionOf: PositionOf,
): ValueOf {
  const whole = compileObject(members, positionOf);
  const few = Object.fromEntries(Object.entries(members).filter(([name]) => !lighten.includes(name)));
  const light = compileObject(few, positionOf);
  return (rows, isLight) => rows.map((row) => (isLight ? light : whole)([row], isLight) ?? {});
}

function sumOf(positions: readonly number[]): ValueOf {
  return (rows) => {
    let sum = new Decimal(0);
    for (const row of rows) for (const position of positions) sum = sum.plus(toDecimal(row[position]) ?? 0);
    return sum.toNumber();
  };
}

function distinct(position: number): ValueOf {
  return (rows) =>
    [
      ...new Map(
        rows.flatMap((row) => (row[position] === undefined ? [] : [[toText(row[position]), row[position]]])),
      ).values(),
    ].map((cell) => toJson(cell) as JsonValue);
}

/** The least (-1) or greatest (1) of times, numbers or texts. */
function extreme(position: number, direction: 1 | -1): ValueOf {
  return (rows) => {
    let best: Cell;
    for (const row of rows) {
      const cell = row[position];
      if (cell !== undefined && (best === undefined || compare(cell, best) * direction > 0)) best = cell;
    }
    return toJson(best);
  };
}

function compare(a: Cell, b: Cell): number {
  const [left, right] = [comparable(a), comparable(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function comparable(cell: Cell): string | number {
  if (cell instanceof Date) return cell.getTime();
  if (cell instanceof Decimal) return cell.toNumber();
  return typeof cell === 'number' ? cell : toText(cell);
}
