import { Decimal } from 'decimal.js';
import { CellFault, toDecimal, toText, type Cell } from './cell.js';
import { type ColumnDocument, type MappingDocument, type ShiftDocument } from './mapping-document.js';
import { compileParser, constantCell } from './parse-cell.js';
import { shiftTime } from './shift-time.js';
import { timeReader } from './time-format.js';

export type RawFields = Readonly<Record<string, unknown>>;
/** The rows of a lookup file by their key. */
export type Lookups = ReadonlyMap<string, ReadonlyMap<string, RawFields>>;

/** What is wrong with a value, and in which column. */
export interface ColumnFault {
  readonly column: string;
  readonly reason: string;
}

/** With a fault, the first, the cells are still as many as there are columns; the one at fault is undefined. */
export interface ReadRow {
  readonly cells: readonly Cell[];
  readonly fault: ColumnFault | undefined;
}
export type ReadCells = (fields: RawFields, place: RowPlace) => ReadRow;

export interface RowPlace {
  readonly file: string;
  readonly line: number;
}

/** Columns that every row has without declaring them. */
export const placeColumns = ['file', 'line'] as const;

/** The names of all columns of a mapping, in the order of their cells. */
export function columnNames({ columns }: Pick<MappingDocument, 'columns'>): readonly string[] {
  return [...placeColumns, ...Object.keys(columns)];
}

type CellOf = (fields: RawFields, cells: readonly Cell[]) => Cell;

/** Reads a row's columns in the order of their declaration; a later one may build on earlier ones. */
export function compileColumns(mapping: MappingDocument, lookups: Lookups): ReadCells {
  const names = columnNames(mapping);
  const positionOf = (column: string) => names.indexOf(column);
  const columns = Object.entries(mapping.columns).map(([name, document]) => ({
    name,
    required: document.required === true,
    cellOf: compileColumn(document, { mapping, lookups, positionOf }),
  }));
  return (fields, { file, line }) => {
    const cells: Cell[] = [file, line];
    let fault: ColumnFault | undefined;
    for (const { name, required, cellOf } of columns) {
      let cell: Cell;
      try {
        cell = cellOf(fields, cells);
        if (required && cell === undefined) fault ??= { column: name, reason: 'is empty' };
      } catch (error) {
        if (!(error instanceof CellFault)) throw error;
        fault ??= { column: name, reason: error.message };
      }
      cells.push(cell);
    }
    return { cells, fault };
  };
}

interface Surroundings {
  readonly mapping: MappingDocument;
  readonly lookups: Lookups;
  readonly positionOf: (column: string) => number;
}

function compileColumn(document: ColumnDocument, { mapping, lookups, positionOf }: Surroundings): CellOf {
  const parse = compileParser(document, mapping.input ?? {});
  if (document.from !== undefined) {
    const names = [document.from].flat();
    return (fields) => parse(fieldOf(fields, names));
  }
  if (document.lookup !== undefined) {
    const { in: name, by, take } = document.lookup;
    const key = positionOf(by);
    return (_, cells) => parse(lookups.get(name)?.get(toText(cells[key]))?.[take]);
  }
  if (document.multiply !== undefined) return product(document.multiply.map(positionOf));
  if (document.divide !== undefined) return quotient(document.divide.map(positionOf));
  if (document.absolute !== undefined) {
    const position = positionOf(document.absolute);
    return (_, cells) => absolute(cells[position]);
  }
  if (document.template !== undefined) {
    const fill = compileTemplate(document.template, positionOf);
    return (_, cells) => parse(fill(cells));
  }
  if (document.shift !== undefined) {
    const shifted = compileShift(document.shift, positionOf);
    return (_, cells) => shifted(cells);
  }
  const constant = constantCell(document.value, document.type);
  return () => constant;
}

/** The first name that the row has; in JSON also a path, `user.email`. */
function fieldOf(fields: RawFields, names: readonly string[]): unknown {
  for (const name of names) {
    const value = fields[name] ?? atPath(fields, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

function atPath(fields: RawFields, name: string): unknown {
  if (!name.includes('.')) return undefined;
  let value: unknown = fields;
  for (const key of name.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function product(positions: readonly number[]): CellOf {
  return (_, cells) => {
    let result = new Decimal(1);
    for (const position of positions) {
      const factor = toDecimal(cells[position]);
      if (factor === undefined) return undefined;
      result = result.times(factor);
    }
    return result;
  };
}

function quotient([dividend = -1, divisor = -1]: readonly number[]): CellOf {
  return (_, cells) => {
    const by = toDecimal(cells[divisor]);
    return by === undefined || by.isZero() ? undefined : toDecimal(cells[dividend])?.div(by).toDecimalPlaces(12);
  };
}

function absolute(cell: Cell): Cell {
  if (typeof cell === 'number') return Math.abs(cell);
  return toDecimal(cell)?.abs();
}

/** Every `{column}` of the text becomes its value. */
export function compileTemplate(
  template: string,
  positionOf: (column: string) => number,
): (cells: readonly Cell[]) => string {
  const parts = template.split(/\{([^{}]+)\}/).map((part, index) => (index % 2 === 0 ? part : positionOf(part)));
  return (cells) => parts.map((part) => (typeof part === 'string' ? part : toText(cells[part]))).join('');
}

export function columnsOfTemplate(template: string): readonly string[] {
  return template.split(/\{([^{}]+)\}/).filter((_, index) => index % 2 === 1);
}

/** Undefined where the time or the number is. */
export function compileShift(
  { from, by, unit, back }: ShiftDocument,
  positionOf: (column: string) => number,
): (cells: readonly Cell[]) => Date | undefined {
  const fixed = timeReader([], 'UTC')(from);
  const start = fixed === undefined ? positionOf(from) : -1;
  const amount = positionOf(by);
  return (cells) => {
    const time = fixed ?? cells[start];
    const number = toDecimal(cells[amount])?.toNumber();
    if (!(time instanceof Date) || number === undefined) return undefined;
    return shiftTime(time, back === true ? -number : number, unit);
  };
}
