import { initialState, mergeBy, storableJson, type ProfileRules, type ProfileState } from '@rapport/profile';
import {
  loadSql,
  lockPeople,
  type LockedPeople,
  type LoneKey,
  type PeopleTable,
  type PersonKey,
  type ProfilesMoved,
} from '@rapport/profile-db';
import type { PoolClient } from 'pg';
import { rowOf, stateOfRow, type ProfileRow } from './profile-row.js';
import { changeSearchKeys } from './search-keys.store.js';

const sql = {
  lock: loadSql(import.meta.url, 'lock-people'),
  create: loadSql(import.meta.url, 'create-people'),
  save: loadSql(import.meta.url, 'save-people'),
  parts: loadSql(import.meta.url, 'load-parts'),
  saveParts: loadSql(import.meta.url, 'save-parts'),
};

export interface LockedProfiles {
  readonly people: LockedPeople<ProfileState>;
  /** The state of a row as it was when it was locked. */
  readonly loaded: (person: PersonKey) => ProfileState;
}

/** Rows are made for profiles not seen before, and held until the transaction ends. */
export async function lockProfiles(
  tx: PoolClient,
  rules: ProfileRules,
  keys: readonly LoneKey[],
  moves: readonly ProfilesMoved[] = [],
): Promise<LockedProfiles> {
  const loaded = new Map<string, ProfileState>();
  const table: PeopleTable<ProfileRow, ProfileState> = {
    lockSql: sql.lock,
    createSql: sql.create,
    partsSql: sql.parts,
    stateOf: (row) => {
      const state = stateOfRow(row);
      loaded.set(nameOf({ workspaceId: row.workspace_id, profileId: row.profile_id }), state);
      return state;
    },
    // What a later version added to the state is not in parts that were written before.
    stateOfPart: (state: ProfileState) => ({ ...initialState, ...state }),
    initialState,
    merge: mergeBy(rules),
  };
  const people = await lockPeople(tx, table, keys, moves);
  return { people, loaded: (person) => loaded.get(nameOf(person)) ?? initialState };
}

/** Saves who changed, their parts, and what they are found by. */
export async function saveProfiles(
  tx: PoolClient,
  rules: ProfileRules,
  { people, loaded }: LockedProfiles,
): Promise<void> {
  const changed = people.changed();
  if (changed.length > 0) await tx.query(sql.save, [storableJson(changed.map(rowOf))]);
  const parts = people.changedParts().map(({ workspaceId, profileId, state }) => ({
    workspace_id: workspaceId,
    profile_id: profileId,
    state,
  }));
  if (parts.length > 0) await tx.query(sql.saveParts, [storableJson(parts)]);
  await changeSearchKeys(
    tx,
    rules,
    changed.map((person) => ({ ...person, before: loaded(person) })),
  );
}

function nameOf({ workspaceId, profileId }: PersonKey): string {
  return `${workspaceId}\n${profileId}`;
}
