import { initialState, storableJson, type ProfileState } from '@rapport/profile';
import { loadSql, lockPeople, type LockedPeople, type LockedPerson, type PersonKey } from '@rapport/profile-db';
import type { PoolClient } from 'pg';
import { rowOf, stateOfRow, type ProfileRow } from './profile-row.js';

const sql = {
  lock: loadSql(import.meta.url, 'lock-people'),
  create: loadSql(import.meta.url, 'create-people'),
  save: loadSql(import.meta.url, 'save-people'),
};

const table = { lockSql: sql.lock, createSql: sql.create, stateOf: stateOfRow, initialState };

/** Rows are made for profiles not seen before, and held until the transaction ends. */
export function lockProfiles(tx: PoolClient, keys: readonly PersonKey[]): Promise<LockedPeople<ProfileState>> {
  return lockPeople<ProfileRow, ProfileState>(tx, table, keys);
}

export async function saveProfiles(tx: PoolClient, people: readonly LockedPerson<ProfileState>[]): Promise<void> {
  if (people.length === 0) return;
  await tx.query(sql.save, [storableJson(people.map(rowOf))]);
}
