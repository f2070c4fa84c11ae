import type { Erasure } from '../erasure.js';
import type { PersonalTable } from './personal-tables.js';

/** Whose rows are meant. */
export type Erased = Pick<Erasure, 'workspaceId' | 'profileIds' | 'subjectIds' | 'identifierHashes'>;

/** Rows of a table that name the same people; by column, the id or hash that stands there. */
export interface AlikeRows {
  readonly named: Readonly<Record<string, string | null>>;
  readonly rows: number;
}

/** One for each workspace, with the ids and hashes of all the people there: what one statement reaches. */
export function byWorkspace(people: readonly Erased[]): readonly Erased[] {
  return [...Map.groupBy(people, ({ workspaceId }) => workspaceId)].map(([workspaceId, theirs]) => ({
    workspaceId,
    profileIds: theirs.flatMap(({ profileIds }) => profileIds),
    subjectIds: theirs.flatMap(({ subjectIds }) => subjectIds),
    identifierHashes: theirs.flatMap(({ identifierHashes }) => identifierHashes),
  }));
}

/** How many of the rows are about the person. A row between two people, a link for example, is about both. */
export function rowsOf(person: Erased, table: PersonalTable, groups: readonly AlikeRows[]): number {
  const names = namesOf(person, table);
  return groups
    .filter(({ named }) => names.some(([column, ids]) => ids.has(named[column] ?? '')))
    .reduce((sum, { rows }) => sum + rows, 0);
}

function namesOf(
  { profileIds, subjectIds, identifierHashes }: Erased,
  { profiles, hashes }: PersonalTable,
): readonly (readonly [column: string, ids: ReadonlySet<string>])[] {
  return [
    ...profiles.map(({ column }) => [column, new Set(profileIds)] as const),
    ...hashes.map(({ column }) => [column, new Set(column === 'subject_id' ? subjectIds : identifierHashes)] as const),
  ];
}
