import {
  loadSql,
  lockPeople,
  RememberedStates,
  saveParts,
  type LockedPeople,
  type LoneKey,
  type PeopleTable,
  type StateRow,
  type ProfilesMoved,
} from '@rapport/profile-db';
import { initialState, mergeParts, type ConditionState, type SegmentedPerson } from '@rapport/segmentation';
import type { PoolClient } from 'pg';

const sql = {
  lock: loadSql(import.meta.url, 'lock-people'),
  states: loadSql(import.meta.url, 'load-states'),
  create: loadSql(import.meta.url, 'create-people'),
  save: loadSql(import.meta.url, 'save-people'),
  parts: loadSql(import.meta.url, 'load-parts'),
};

interface SegmentRow extends StateRow {
  readonly clock: number;
  readonly conditions: ConditionState;
  readonly memberships: readonly string[];
}

const table: PeopleTable<SegmentRow, SegmentedPerson> = {
  name: 'segment',
  lockSql: sql.lock,
  statesSql: sql.states,
  remembered: new RememberedStates(),
  createSql: sql.create,
  partsSql: sql.parts,
  stateOf: ({ clock, conditions, memberships }) => ({ clock, conditions, memberships }),
  stateOfPart: (state: SegmentedPerson) => state,
  initialState,
  merge: mergeParts,
  partOf: (state) => ({ ...state, memberships: [] }),
};

export function lockSegmentedPeople(
  tx: PoolClient,
  keys: readonly LoneKey[],
  moves: readonly ProfilesMoved[],
): Promise<LockedPeople<SegmentedPerson>> {
  return lockPeople(tx, table, keys, moves);
}

export async function saveSegmentedPeople(tx: PoolClient, people: LockedPeople<SegmentedPerson>): Promise<void> {
  const changed = people.changed();
  if (changed.length === 0) return;
  const rows = changed.map(({ workspaceId, profileId, survivorId, sequence, partIds, state }) => ({
    workspace_id: workspaceId,
    profile_id: profileId,
    survivor_id: survivorId,
    sequence,
    part_ids: partIds,
    ...state,
  }));
  // One JSON parameter: the driver writes arrays element by element, which cost more than everything else here.
  await tx.query({ name: 'save-segmented-people', text: sql.save, values: [JSON.stringify(rows)] });
  people.saved();
  await saveParts(tx, 'segment', people);
}
