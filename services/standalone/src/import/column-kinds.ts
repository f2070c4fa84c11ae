import { placeColumns } from './columns.js';
import {
  type ColumnDocument,
  type ConditionDocument,
  type EachDocument,
  type MappingDocument,
  type Scalar,
  type ShiftDocument,
  type TestDocument,
  type ValueDocument,
} from './mapping-document.js';
import { timeReader } from './time-format.js';

/** What the cells of a column are. `any`: that follows from the file alone. */
export type Kind = 'text' | 'number' | 'boolean' | 'time' | 'json' | 'any';
export type Kinds = ReadonlyMap<string, Kind>;

/** A column that is used as what it is not: nothing would come of it, in every row, without a word. */
export interface Misuse {
  readonly column: string;
  readonly message: string;
}

export function kindsOf({ columns }: Pick<MappingDocument, 'columns'>): Kinds {
  const [file, line] = placeColumns;
  const declared = Object.entries(columns).map(([name, column]) => [name, kindOf(column)] as const);
  return new Map<string, Kind>([[file, 'text'], [line, 'number'], ...declared]);
}

/** The columns that `each` makes beside them. */
export function withEach(kinds: Kinds, each: readonly EachDocument[]): Kinds {
  const made = each.flatMap((one): [string, Kind][] =>
    'repeat' in one
      ? [[one.as, 'number']]
      : [[one.as, 'text'], ...(one.index === undefined ? [] : [[one.index, 'number'] as [string, Kind]])],
  );
  return new Map([...kinds, ...made]);
}

function kindOf({ type = 'text', value, values, ...column }: ColumnDocument): Kind {
  if (column.multiply !== undefined || column.divide !== undefined || column.absolute !== undefined) return 'number';
  if (column.shift !== undefined) return 'time';
  if (values !== undefined) return commonKind(Object.values(values));
  if (value !== undefined && type === 'text') return commonKind([value]);
  return type === 'integer' || type === 'decimal' ? 'number' : type;
}

function commonKind(values: readonly Scalar[]): Kind {
  const [first, ...others] = new Set(values.map(kindOfScalar));
  return first === undefined || others.length > 0 ? 'any' : first;
}

function kindOfScalar(value: Scalar): Kind {
  return typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'boolean';
}

export function misusesInColumn({ multiply = [], divide, absolute, shift }: ColumnDocument, kinds: Kinds): Misuse[] {
  return [
    ...noNumbers([...multiply, ...(divide ?? []), ...(absolute === undefined ? [] : [absolute])], kinds),
    ...misusesInShift(shift, kinds),
  ];
}

export function misusesInEach(each: readonly EachDocument[], kinds: Kinds): Misuse[] {
  return noNumbers(
    each.flatMap((one) => ('repeat' in one ? [one.repeat] : [])),
    kinds,
  );
}

export function misusesInValue(document: ValueDocument, kinds: Kinds): Misuse[] {
  if (typeof document === 'string') return [];
  if ('sum' in document) return noNumbers([document.sum].flat(), kinds);
  if ('shift' in document) return misusesInShift(document.shift, kinds);
  if ('list' in document) return document.list.flatMap((item) => misusesInValue(item, kinds));
  const members = 'object' in document ? document.object : 'rows' in document ? document.rows : {};
  return Object.values(members).flatMap((member) => misusesInValue(member, kinds));
}

export function misusesInCondition(document: ConditionDocument, kinds: Kinds): Misuse[] {
  return [document]
    .flat()
    .flatMap((tests) =>
      Object.entries(tests as Readonly<Record<string, Scalar | TestDocument>>).flatMap(([column, test]) =>
        misusesInTest(column, typeof test === 'object' ? test : { equals: test }, kinds),
      ),
    );
}

function misusesInTest(column: string, test: TestDocument, kinds: Kinds): Misuse[] {
  const kind = kinds.get(column) ?? 'any';
  const sizes = [test.above, test.atLeast, test.below, test.atMost].some((limit) => limit !== undefined);
  if (sizes) return noNumbers([column], kinds);
  const wanted = [test.equals, test.not, ...(test.in ?? [])].find(
    (value) => value !== undefined && kind !== 'any' && kindOfScalar(value) !== kind,
  );
  if (wanted === undefined) return [];
  const message = `compares the column ${column}, which holds ${words[kind]}, with ${words[kindOfScalar(wanted)]}, which it never is`;
  return [{ column, message: `${message}; ${remedyOf(kindOfScalar(wanted))}` }];
}

function misusesInShift(shift: ShiftDocument | undefined, kinds: Kinds): Misuse[] {
  if (shift === undefined) return [];
  const from = kinds.get(shift.from) ?? 'any';
  const isTime = from === 'any' || from === 'time' || timeReader([], 'UTC')(shift.from) !== undefined;
  const message = `shifts the column ${shift.from}, which holds ${words[from]}; give it type: time`;
  return [...(isTime ? [] : [{ column: shift.from, message }]), ...noNumbers([shift.by], kinds)];
}

function noNumbers(columns: readonly string[], kinds: Kinds): Misuse[] {
  return [...new Set(columns)].flatMap((column) => {
    const kind = kinds.get(column) ?? 'any';
    if (kind === 'any' || kind === 'number') return [];
    const message = `reckons with the column ${column}, which holds ${words[kind]}; ${remedyOf('number')}`;
    return [{ column, message }];
  });
}

const words: Readonly<Record<Kind, string>> = {
  text: 'text',
  number: 'numbers',
  boolean: 'yes or no',
  time: 'times',
  json: 'JSON',
  any: 'anything',
};

function remedyOf(wanted: Kind): string {
  if (wanted === 'number') return 'give it type: integer, number or decimal';
  return wanted === 'boolean' ? 'give it type: boolean' : 'write the value as the column has it, or give it type: text';
}
