import type { PoolClient } from 'pg';
import { LockedPeople } from './locked-people.js';
import {
  nameOf,
  type LockedPerson,
  type LoneKey,
  type PartRow,
  type PeopleTable,
  type PersonKey,
  type PersonRow,
  type StateRow,
  type ProfilesMoved,
} from './people-table.js';

type Rows<S> = Map<string, LockedPerson<S>>;

const mostAttempts = 3;

/**
 * Locks the people that lone profiles belong to, and those whom `moves` are about with all that lives in them. Who a
 * profile is by now is looked up under the lock: of two transactions, of which one moves a profile and the other tells
 * something of it, both orders come out the same.
 */
export async function lockPeople<R extends StateRow, S>(
  tx: PoolClient,
  table: PeopleTable<R, S>,
  keys: readonly LoneKey[],
  moves: readonly ProfilesMoved[] = [],
): Promise<LockedPeople<S>> {
  const rows: Rows<S> = new Map();
  const version = await table.remembered.versionOf(tx);
  const moved = moves.flatMap(({ workspaceId, to, profileIds, leaving = [] }) =>
    [to, ...profileIds, ...leaving].map((profileId) => ({ workspaceId, profileId })),
  );
  let wanted = distinct([...keys, ...keys.flatMap(livesInKey), ...moved]);
  while (wanted.length > 0) {
    await lockRows(tx, table, wanted, rows);
    await createMissing(tx, table, wanted, rows);
    wanted = distinct([...rows.values()].flatMap((row) => further(row, moves.length > 0))).filter(
      (key) => !rows.has(nameOf(key)),
    );
  }
  const people = new LockedPeople<S>(rows, table, version);
  const parts =
    moves.length > 0 || table.needsAllParts
      ? [...rows.values()].flatMap(partKeys)
      : keys.filter((key) => isPart(people, key));
  await loadParts(tx, table, people, distinct(parts));
  return people;
}

/**
 * Rows that are not there are made, then locked by a statement of its own: only that sees what another transaction made
 * meanwhile. Whoever removes rows (an erasure, the end of a replay) can do so between the two, which is why they are
 * made again; more often than that is nobody at work but a defect.
 */
async function createMissing<R extends StateRow, S>(
  tx: PoolClient,
  table: PeopleTable<R, S>,
  wanted: readonly LoneKey[],
  rows: Rows<S>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const missing = wanted.filter((key) => !rows.has(nameOf(key)));
    if (missing.length === 0) return;
    if (attempt > mostAttempts) throw new Error(`${missing.length} people are there and not found by a locking read`);
    const values = [...parametersOf(missing), missing.map(ownerOfNew)];
    await tx.query({ name: `create-people-of-${table.name}`, text: table.createSql, values });
    await lockRows(tx, table, missing, rows);
  }
}

/** Whoever a profile lived in is likely to be needed, and gets a row in any case: which rows there are depends on no order. */
function livesInKey({ workspaceId, profileId, livesIn }: LoneKey): readonly LoneKey[] {
  return livesIn === undefined || livesIn === profileId ? [] : [{ workspaceId, profileId: livesIn }];
}

function ownerOfNew({ profileId, livesIn }: LoneKey): string | null {
  return livesIn === undefined || livesIn === profileId ? null : livesIn;
}

function further<S>({ workspaceId, survivorId, partIds }: LockedPerson<S>, withParts: boolean): readonly LoneKey[] {
  const profileIds = [...(survivorId === null ? [] : [survivorId]), ...(withParts ? partIds : [])];
  return profileIds.map((profileId) => ({ workspaceId, profileId }));
}

async function lockRows<R extends StateRow, S>(
  tx: PoolClient,
  table: PeopleTable<R, S>,
  keys: readonly PersonKey[],
  rows: Rows<S>,
): Promise<void> {
  const locked = await tx.query<PersonRow>({
    name: `lock-people-of-${table.name}`,
    text: table.lockSql,
    values: parametersOf(keys),
  });
  const states = await statesOf(tx, table, locked.rows);
  for (const [index, row] of locked.rows.entries()) {
    const { workspace_id: workspaceId, profile_id: profileId, survivor_id: survivorId, sequence } = row;
    const state = states[index]!;
    const person = { workspaceId, profileId, survivorId, sequence, partIds: row.part_ids };
    rows.set(nameOf(person), { ...person, state, loaded: state, changed: false });
  }
}

/** Read after the lock was got, so that nobody changes them any more. */
async function statesOf<R extends StateRow, S>(
  tx: PoolClient,
  { name, statesSql, stateOf, remembered }: PeopleTable<R, S>,
  locked: readonly PersonRow[],
): Promise<readonly S[]> {
  const keys = locked.map((row) => ({ workspaceId: row.workspace_id, profileId: row.profile_id }));
  const known = locked.map((row, index) => remembered.get(nameOf(keys[index]!), row.version));
  const missing = keys.filter((_, index) => known[index] === undefined);
  if (missing.length === 0) return known as readonly S[];
  const { rows } = await tx.query<R>({
    name: `load-states-of-${name}`,
    text: statesSql,
    values: parametersOf(missing),
  });
  const read = new Map(
    rows.map((row) => [nameOf({ workspaceId: row.workspace_id, profileId: row.profile_id }), stateOf(row)]),
  );
  return locked.map((row, index) => {
    const held = known[index];
    if (held !== undefined) return held;
    const name = nameOf(keys[index]!);
    const state = read.get(name);
    if (state === undefined) throw new Error('a row that is locked was not found again; statesSql leaves rows out');
    remembered.set(name, row.version, state);
    return state;
  });
}

async function loadParts<R extends StateRow, S>(
  tx: PoolClient,
  { name, partsSql, stateOfPart }: PeopleTable<R, S>,
  people: LockedPeople<S>,
  keys: readonly PersonKey[],
): Promise<void> {
  if (keys.length === 0) return;
  const { rows } = await tx.query<PartRow>({
    name: `load-parts-of-${name}`,
    text: partsSql,
    values: parametersOf(keys),
  });
  for (const { workspace_id: workspaceId, profile_id: profileId, state } of rows) {
    people.know({ workspaceId, profileId }, stateOfPart(state as never));
  }
}

function partKeys<S>({ workspaceId, partIds }: LockedPerson<S>): readonly PersonKey[] {
  return partIds.map((profileId) => ({ workspaceId, profileId }));
}

function isPart<S>(people: LockedPeople<S>, key: PersonKey): boolean {
  return people.person(key).partIds.includes(key.profileId);
}

/** Each profile once; of two keys of one, the one that says where it lives. */
function distinct(keys: readonly LoneKey[]): readonly LoneKey[] {
  const byName = new Map<string, LoneKey>();
  for (const key of keys) {
    const known = byName.get(nameOf(key));
    if (known?.livesIn === undefined) byName.set(nameOf(key), key);
  }
  return [...byName.values()];
}

function parametersOf(keys: readonly PersonKey[]): [string[], string[]] {
  return [keys.map(({ workspaceId }) => workspaceId), keys.map(({ profileId }) => profileId)];
}
