/** A column of a table as the catalogue of a database lists it. */
export interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

/** Which rows of a table are about a person. */
export interface PersonalTable {
  readonly table: string;
  readonly hasWorkspace: boolean;
  /** Hold a profile id; one of them is enough. */
  readonly profiles: readonly Column[];
  /** Hold a subject id or the keyed hash of an identifier. */
  readonly hashes: readonly Column[];
}

/** Of several the first one present: the lone profile is whose a row is for ever, others may change hands. */
const profileColumns = [
  ['lone_profile_id'],
  ['identifier_id'],
  ['lower_id', 'higher_id'],
  ['profile_id'],
  ['merged_id'],
];
const hashColumns: ReadonlySet<string> = new Set(['subject_id', 'identifier_hash', 'lead_hash', 'other_hash']);

/**
 * Tables whose rows outlive the person on purpose. Everything else with such a column is purged, so a new table is covered
 * from the day it is made.
 */
const kept = /(^|\.)suppress/;

/** Finds by the names of columns which tables hold rows about people. */
export function personalTables(columns: readonly Column[]): readonly PersonalTable[] {
  const byTable = Map.groupBy(columns, ({ table }) => table);
  return [...byTable].flatMap(([table, own]) => {
    const named = (name: string): Column | undefined => own.find(({ column }) => column === name);
    const profiles =
      profileColumns
        .map((names) => names.map(named).filter((column) => column !== undefined))
        .find((found) => found.length > 0) ?? [];
    const hashes = own.filter(({ column }) => hashColumns.has(column));
    if (kept.test(table) || (profiles.length === 0 && hashes.length === 0)) return [];
    return [{ table, hasWorkspace: named('workspace_id') !== undefined, profiles, hashes }];
  });
}
