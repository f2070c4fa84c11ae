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
  await tx.query(sql.save, [
    changed.map(({ workspaceId }) => workspaceId),
    changed.map(({ profileId }) => profileId),
    changed.map(({ survivorId }) => survivorId),
    changed.map(({ state }) => state.clock),
    changed.map(({ state }) => JSON.stringify(state.conditions)),
    changed.map(({ state }) => JSON.stringify(state.memberships)),
    changed.map(({ state }) => JSON.stringify(state.timers)),
  ]);
}
