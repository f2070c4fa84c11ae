import type { LogRecord } from '@rapport/event-log';
import type { ProfileRules, ProfileState } from '@rapport/profile';
import {
  lockPeople,
  type LockedPeople,
  type LockedPerson,
  type PersonKey,
  type ProfilesMovedByEvent,
} from '@rapport/profile-db';
import type { PoolClient } from 'pg';
import type { LifecycleNotes } from './lifecycle-notes.js';
import { joinOrders, loadOrderParts, makeOrderParts, removeOrderParts, removeOrders } from './order.store.js';
import { saveProfiles, type ProfileTable } from './profile.store.js';

/** A merge or a split as it stands on the log. */
export interface RecordedMove {
  readonly record: LogRecord;
  readonly move: ProfilesMovedByEvent;
}

interface Moving {
  readonly table: ProfileTable;
  readonly rules: ProfileRules;
  readonly currencyOf: (workspaceId: string) => string;
  readonly lifecycles: LifecycleNotes;
}

/**
 * Follows merges and splits: rows and orders of all persons concerned are put together anew from their lone profiles. The
 * row of a profile that lives on in another stays, empty, and names who it is now; a later fact about it follows.
 */
export async function moveProfiles(
  tx: PoolClient,
  moves: readonly RecordedMove[],
  { table, rules, currencyOf, lifecycles }: Moving,
): Promise<void> {
  if (moves.length === 0) return;
  const people = await lockPeople(
    tx,
    table,
    [],
    moves.map(({ move }) => move),
  );
  const regrouped = new Map<LockedPerson<ProfileState>, ProfileState>();
  for (const { record, move } of moves) {
    for (const { person } of people.move(move)) {
      const before = regrouped.get(person) ?? person.loaded;
      const cause = { record, causeId: move.causeId, at: move.at, imported: false, timerIsGone: true };
      lifecycles.see(person, before, person.state, cause);
      regrouped.set(person, person.state);
    }
  }
  await saveProfiles(tx, rules, people);
  if (regrouped.size > 0) await regroupOrders(tx, people, [...regrouped.keys()], currencyOf);
}

async function regroupOrders(
  tx: PoolClient,
  people: LockedPeople<ProfileState>,
  regrouped: readonly LockedPerson<ProfileState>[],
  currencyOf: (workspaceId: string) => string,
): Promise<void> {
  await makeOrderParts(tx, people.becameParts());
  await removeOrders(tx, regrouped);
  const alone = regrouped.filter((person) => person.partIds.length === 0 && people.person(person) === person);
  const parts = regrouped.flatMap(({ workspaceId, partIds }) =>
    partIds.map((profileId): PersonKey => ({ workspaceId, profileId })),
  );
  const told = await loadOrderParts(tx, [...alone, ...parts]);
  const orders = told.map((order) => ({ ...order, profileId: people.person(order).profileId }));
  await joinOrders(tx, orders, currencyOf);
  await removeOrderParts(tx, alone);
}
