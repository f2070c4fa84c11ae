import type { ProfileState } from '@rapport/profile';
import type { LockedPeople, LockedPerson, PersonKey, ProfilesMoved } from '@rapport/profile-db';
import type { PoolClient } from 'pg';
import { joinOrders, loadOrderParts, makeOrderParts, removeOrderParts, removeOrders } from './order.store.js';
import { lockProfiles, saveProfiles } from './profile.store.js';

/**
 * Follows merges and splits: rows and orders of all persons concerned are put together anew from their lone profiles. The
 * row of a profile that lives on in another stays, empty, and names who it is now; a later fact about it follows.
 */
export async function moveProfiles(
  tx: PoolClient,
  moves: readonly ProfilesMoved[],
  currencyOf: (workspaceId: string) => string,
): Promise<void> {
  if (moves.length === 0) return;
  const people = await lockProfiles(tx, [], moves);
  const regrouped = new Set(moves.flatMap((move) => people.move(move).map(({ person }) => person)));
  await saveProfiles(tx, people);
  if (regrouped.size > 0) await regroupOrders(tx, people, [...regrouped], currencyOf);
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
