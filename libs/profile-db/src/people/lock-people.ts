import type { PoolClient } from 'pg';

export interface PersonKey {
  readonly workspaceId: string;
  readonly profileId: string;
}

/** The columns that every table of people has; the others hold what a service remembers of them. */
export interface PersonRow {
  readonly workspace_id: string;
  readonly profile_id: string;
  /** Set once the profile was merged into another; its memory has moved there. */
  readonly survivor_id: string | null;
}

export interface PeopleTable<R extends PersonRow, S> {
  /** Rows of `($1 workspace ids, $2 profile ids)`, ordered by both, `FOR UPDATE`. */
  readonly lockSql: string;
  /** Creates empty rows of `($1, $2)` where there are none, in the same order. */
  readonly createSql: string;
  readonly stateOf: (row: R) => S;
  readonly initialState: S;
}

/** A person whose row is held until the transaction ends. Setting `state` marks it for saving. */
export interface LockedPerson<S> extends PersonKey {
  survivorId: string | null;
  state: S;
  changed: boolean;
}

export interface LockedPeople<S> {
  /** The person that a profile id stands for now, merges followed. */
  person(key: PersonKey): LockedPerson<S>;
  /** Makes one person of two; `undefined` when they were one already. The memory of `merged` is cleared. */
  merge(survivor: PersonKey, merged: PersonKey): { readonly survivor: LockedPerson<S>; readonly memory: S } | undefined;
  changed(): readonly LockedPerson<S>[];
}

/**
 * Locks people with all they have been merged into. Which id survives is looked up under the lock: two transactions, of
 * which one merges a person and the other counts something for them, come out the same in either order.
 */
export async function lockPeople<R extends PersonRow, S>(
  tx: PoolClient,
  table: PeopleTable<R, S>,
  keys: readonly PersonKey[],
): Promise<LockedPeople<S>> {
  const people = new Map<string, LockedPerson<S>>();
  let wanted = distinct(keys);
  while (wanted.length > 0) {
    await lockRows(tx, table, wanted, people);
    const missing = wanted.filter((key) => !people.has(nameOf(key)));
    if (missing.length > 0) {
      await tx.query(table.createSql, parametersOf(missing));
      await lockRows(tx, table, missing, people);
    }
    wanted = distinct(
      [...people.values()].flatMap(({ workspaceId, survivorId }) =>
        survivorId === null ? [] : [{ workspaceId, profileId: survivorId }],
      ),
    ).filter((key) => !people.has(nameOf(key)));
  }
  return followingMerges(people, table.initialState);
}

async function lockRows<R extends PersonRow, S>(
  tx: PoolClient,
  { lockSql, stateOf }: PeopleTable<R, S>,
  keys: readonly PersonKey[],
  people: Map<string, LockedPerson<S>>,
): Promise<void> {
  const { rows } = await tx.query<R>(lockSql, parametersOf(keys));
  for (const row of rows) {
    const key = { workspaceId: row.workspace_id, profileId: row.profile_id };
    people.set(nameOf(key), { ...key, survivorId: row.survivor_id, state: stateOf(row), changed: false });
  }
}

function followingMerges<S>(people: ReadonlyMap<string, LockedPerson<S>>, initialState: S): LockedPeople<S> {
  const person = (key: PersonKey): LockedPerson<S> => {
    const found = people.get(nameOf(key));
    if (found === undefined) throw new Error(`profile ${key.profileId} was not among those that were locked`);
    const { workspaceId, survivorId } = found;
    return survivorId === null ? found : person({ workspaceId, profileId: survivorId });
  };
  return {
    person,
    merge(survivorKey, mergedKey) {
      const survivor = person(survivorKey);
      const merged = person(mergedKey);
      if (survivor === merged) return undefined;
      const memory = merged.state;
      // As the event names it, not where the chain ends today, so that the row is the same whichever merge comes first.
      Object.assign(merged, { survivorId: survivorKey.profileId, state: initialState, changed: true });
      survivor.changed = true;
      return { survivor, memory };
    },
    changed: () => [...people.values()].filter((each) => each.changed),
  };
}

function distinct(keys: readonly PersonKey[]): readonly PersonKey[] {
  return [...new Map(keys.map((key) => [nameOf(key), key])).values()];
}

function parametersOf(keys: readonly PersonKey[]): [string[], string[]] {
  return [keys.map(({ workspaceId }) => workspaceId), keys.map(({ profileId }) => profileId)];
}

function nameOf({ workspaceId, profileId }: PersonKey): string {
  return `${workspaceId}\0${profileId}`;
}
