/**
 * How two values of a field are compared:
 * `name` by Jaro-Winkler, `text` (streets, towns) and `code` (numbers, postcodes, phones) by edit distance, `date`
 * (YYYYMMDD or ISO 8601) by its digits, `email` by the part before the @.
 */
export type FieldKind = 'name' | 'text' | 'code' | 'date' | 'email';

export interface FieldRule {
  readonly name: string;
  readonly kind: FieldKind;
  /** The field a value may have landed in by mistake: given name and surname are often swapped. */
  readonly swapsWith?: string;
  /**
   * Fields that hang together: a family shares surname, street and town. Of the fields of a group that agree only the
   * strongest counts, and of those that differ only the strongest; else a household would pass for one person.
   */
  readonly group?: string;
}

/** What of a value two records must share to be compared at all. */
export type KeyPart = 'value' | 'sound' | 'start' | 'year' | 'day' | 'local';

export interface KeyRule {
  readonly field: string;
  readonly part: KeyPart;
}

export interface DuplicateRules {
  readonly fields: readonly FieldRule[];
  /** Records that share all keys of any one pass are compared. */
  readonly passes: readonly (readonly KeyRule[])[];
  /** A key that more records share than this says too little: its pairs are not compared. */
  readonly maxBlock: number;
  /** Records that may be taken for one person; a larger group is a fault of the data, not a person. */
  readonly maxCluster: number;
  /** Least probability, from 0 to 1, at which two records are suggested as one person. */
  readonly minProbability: number;
}

/** A record with its values by field; what is not known is left out. */
export interface DuplicateRecord {
  readonly id: string;
  readonly values: Readonly<Record<string, string | undefined>>;
}

/** Throws `RangeError` where a pass or a swap names a field that is not there. */
export function checkRules({ fields, passes, maxBlock, maxCluster, minProbability }: DuplicateRules): void {
  const names = new Set(fields.map(({ name }) => name));
  const named = [...passes.flat().map(({ field }) => field), ...fields.flatMap(({ swapsWith }) => swapsWith ?? [])];
  for (const name of named) {
    if (!names.has(name))
      throw new RangeError(`the rules for duplicates name "${name}", which is none of their fields`);
  }
  if (passes.length === 0)
    throw new RangeError('the rules for duplicates have no pass, so no two records would be compared');
  if (maxBlock < 2 || maxCluster < 2) throw new RangeError('maxBlock and maxCluster are at least 2');
  if (!(minProbability > 0 && minProbability < 1)) throw new RangeError('minProbability lies between 0 and 1');
}
