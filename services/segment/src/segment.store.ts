import { loadSql, lockPeople, type LockedPeople, type PersonKey, type PersonRow } from '@rapport/profile-db';
import { initialState, type ConditionState, type SegmentedPerson } from '@rapport/segmentation';
import type { PoolClient } from 'pg';

const sql = {
  lock: loadSql(import.meta.url, 'lock-people'),
  create: loadSql(import.meta.url, 'create-people'),
  save: loadSql(import.meta.url, 'save-people'),
};

interface SegmentRow extends PersonRow {
  readonly clock: number;
  readonly conditions: ConditionState;
  readonly memberships: readonly string[];
  readonly timers: Readonly<Record<string, number>>;
}

export function lockSegmentedPeople(
  tx: PoolClient,
  keys: readonly PersonKey[],
): Promise<LockedPeople<SegmentedPerson>> {
  const stateOf = ({ clock, conditions, memberships, timers }: SegmentRow): SegmentedPerson => ({
    clock,
    conditions,
    memberships,
    timers,
  });
  return lockPeople<SegmentRow, SegmentedPerson>(
    tx,
    { lockSql: sql.lock, createSql: sql.create, stateOf, initialState },
    keys,
  );
}

export async function saveSegmentedPeople(tx: PoolClient, people: LockedPeople<SegmentedPerson>): Promise<void> {
  const changed = people.changed();
  if (changed.length === 0) return;
  const rows = changed.map(({ workspaceId, profileId, survivorId, state }) => ({
    workspace_id: workspaceId,
    profile_id: profileId,
    survivor_id: survivorId,
    ...state,
  }));
  // One JSON parameter: the driver writes arrays element by element, which cost more than everything else here.
  await tx.query({ name: 'save-segmented-people', text: sql.save, values: [JSON.stringify(rows)] });
}
