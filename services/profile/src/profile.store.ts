import { initialState, merge, storableJson, type ProfileState } from '@rapport/profile';
import {
  loadSql,
  lockPeople,
  type LockedPeople,
  type LoneKey,
  type PeopleTable,
  type ProfilesMoved,
} from '@rapport/profile-db';
import type { PoolClient } from 'pg';
import { rowOf, stateOfRow, type ProfileRow } from './profile-row.js';

const sql = {
  lock: loadSql(import.meta.url, 'lock-people'),
  create: loadSql(import.meta.url, 'create-people'),
  save: loadSql(import.meta.url, 'save-people'),
  parts: loadSql(import.meta.url, 'load-parts'),
  saveParts: loadSql(import.meta.url, 'save-parts'),
};

const table: PeopleTable<ProfileRow, ProfileState> = {
  lockSql: sql.lock,
  createSql: sql.create,
  partsSql: sql.parts,
  stateOf: stateOfRow,
  // What a later version added to the state is not in parts that were written before.
  stateOfPart: (state: ProfileState) => ({ ...initialState, ...state }),
  initialState,
  merge,
};

/** Rows are made for profiles not seen before, and held until the transaction ends. */
export function lockProfiles(
  tx: PoolClient,
  keys: readonly LoneKey[],
  moves: readonly ProfilesMoved[] = [],
): Promise<LockedPeople<ProfileState>> {
  return lockPeople(tx, table, keys, moves);
}

export async function saveProfiles(tx: PoolClient, people: LockedPeople<ProfileState>): Promise<void> {
  const changed = people.changed();
  if (changed.length > 0) await tx.query(sql.save, [storableJson(changed.map(rowOf))]);
  const parts = people.changedParts().map(({ workspaceId, profileId, state }) => ({
    workspace_id: workspaceId,
    profile_id: profileId,
    state,
  }));
  if (parts.length > 0) await tx.query(sql.saveParts, [storableJson(parts)]);
}
