import { type JsonValue } from '@rapport/events';
import { Decimal } from 'decimal.js';

/** A list or an object, taken over as it is. */
export class JsonCell {
  constructor(readonly value: JsonValue) {}
}

/** A typed value of a row; `undefined` where the file has nothing. A time is a `Date`. */
export type Cell = string | number | boolean | Decimal | Date | JsonCell | undefined;

/** A row with its typed values, by position; the positions are the mapping's. */
export interface Row {
  /** The file's name without folder and `.gz`. */
  readonly file: string;
  /** Line of the file where the row begins, the first being 1; in Parquet the number of the row. */
  readonly line: number;
  readonly cells: readonly Cell[];
}

/** A value that a row cannot have; the message says what is expected and does not repeat the value. */
export class CellFault extends Error {
  override readonly name = 'CellFault';
}

export function toJson(cell: Cell): JsonValue | undefined {
  if (cell instanceof Date) return cell.toISOString();
  if (cell instanceof JsonCell) return cell.value;
  return cell instanceof Decimal ? cell.toNumber() : cell;
}

/** As it stands in a template, an id or a key. */
export function toText(cell: Cell): string {
  if (cell instanceof Date) return cell.toISOString();
  if (cell instanceof JsonCell) return JSON.stringify(cell.value);
  return cell === undefined ? '' : String(cell);
}

export function toDecimal(cell: Cell): Decimal | undefined {
  if (cell instanceof Decimal) return cell;
  return typeof cell === 'number' ? new Decimal(cell) : undefined;
}
