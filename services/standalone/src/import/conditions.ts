import { Decimal } from 'decimal.js';
import { toText, type Cell } from './cell.js';
import { type ColumnTests, type ConditionDocument, type Scalar, type TestDocument } from './mapping-document.js';

export type Condition = (cells: readonly Cell[]) => boolean;
type CellTest = (cell: Cell) => boolean;

/** `positionOf` finds a column's place in a row. */
export function compileCondition(document: ConditionDocument, positionOf: (column: string) => number): Condition {
  if (isList(document)) {
    const any = document.map((tests) => compileTests(tests, positionOf));
    return (cells) => any.some((holds) => holds(cells));
  }
  return compileTests(document, positionOf);
}

export function columnsOfCondition(document: ConditionDocument): readonly string[] {
  return isList(document) ? document.flatMap((tests) => Object.keys(tests)) : Object.keys(document);
}

function isList(document: ConditionDocument): document is readonly ColumnTests[] {
  return Array.isArray(document);
}

function compileTests(tests: ColumnTests, positionOf: (column: string) => number): Condition {
  const all = Object.entries(tests).map(([column, test]) => {
    const position = positionOf(column);
    const holds = compileTest(typeof test === 'object' ? test : { equals: test });
    return (cells: readonly Cell[]) => holds(cells[position]);
  });
  return (cells) => all.every((holds) => holds(cells));
}

const tests: { readonly [K in keyof Required<TestDocument>]: (wanted: Required<TestDocument>[K]) => CellTest } = {
  equals: (wanted) => (cell) => same(cell, wanted),
  not: (wanted) => (cell) => !same(cell, wanted),
  in: (wanted) => (cell) => wanted.some((one) => same(cell, one)),
  above: (wanted) => (cell) => cell !== undefined && numberOf(cell) > wanted,
  atLeast: (wanted) => (cell) => cell !== undefined && numberOf(cell) >= wanted,
  below: (wanted) => (cell) => cell !== undefined && numberOf(cell) < wanted,
  atMost: (wanted) => (cell) => cell !== undefined && numberOf(cell) <= wanted,
  startsWith: (wanted) => (cell) => toText(cell).startsWith(wanted),
  startsNotWith: (wanted) => (cell) => !toText(cell).startsWith(wanted),
  matches: (wanted) => {
    const pattern = new RegExp(wanted, 'u');
    return (cell) => pattern.test(toText(cell));
  },
  empty: (wanted) => (cell) => (cell === undefined) === wanted,
};

function compileTest(document: TestDocument): CellTest {
  const all = Object.entries(document).map(([name, wanted]) =>
    (tests[name as keyof TestDocument] as (wanted: unknown) => CellTest)(wanted),
  );
  return (cell) => all.every((holds) => holds(cell));
}

function same(cell: Cell, wanted: Scalar): boolean {
  return cell instanceof Decimal ? typeof wanted === 'number' && cell.eq(wanted) : cell === wanted;
}

/** NaN, which no comparison holds for, where the cell is no number. */
function numberOf(cell: Cell): number {
  if (cell instanceof Decimal) return cell.toNumber();
  return typeof cell === 'number' ? cell : Number.NaN;
}
