import { initialState, mergeBy, storableJson, type ProfileRules, type ProfileState } from '@rapport/profile';
import { loadSql, RememberedStates, saveParts, type LockedPeople, type PeopleTable } from '@rapport/profile-db';
import type { PoolClient } from 'pg';
import { parametersOf, stateOfRow, type ProfileRow } from './profile-row.js';
import { changeSearchKeys } from './search-keys.store.js';

const sql = {
  lock: loadSql(import.meta.url, 'lock-people'),
  states: loadSql(import.meta.url, 'load-states'),
  create: loadSql(import.meta.url, 'create-people'),
  save: loadSql(import.meta.url, 'save-people'),
  parts: loadSql(import.meta.url, 'load-parts'),
};

export type ProfileTable = PeopleTable<ProfileRow, ProfileState>;

/** One a consumer, for it remembers the states of people. Rows are made for profiles not seen before. */
export function profileTable(rules: ProfileRules): ProfileTable {
  return {
    name: 'profile',
    lockSql: sql.lock,
    statesSql: sql.states,
    remembered: new RememberedStates(),
    createSql: sql.create,
    partsSql: sql.parts,
    stateOf: stateOfRow,
    // What a later version added to the state is not in parts that were written before.
    stateOfPart: (state: ProfileState) => ({ ...initialState, ...state }),
    initialState,
    merge: mergeBy(rules),
  };
}

/** Saves who changed, their parts, and what they are found by. */
export async function saveProfiles(
  tx: PoolClient,
  rules: ProfileRules,
  people: LockedPeople<ProfileState>,
): Promise<void> {
  const changed = people.changed();
  if (changed.length > 0) {
    await tx.query({ name: 'save-profiles', text: sql.save, values: [...parametersOf(changed)] });
  }
  await saveParts(tx, 'profile', people, storableJson);
  people.saved();
  await changeSearchKeys(
    tx,
    rules,
    changed.map((person) => ({ ...person, before: person.loaded })),
  );
}
