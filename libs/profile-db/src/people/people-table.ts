import type { RememberedStates } from './remembered-states.js';

/** A profile within its workspace. */
export interface PersonKey {
  readonly workspaceId: string;
  readonly profileId: string;
}

/**
 * A lone profile that something is told about. `livesIn` is the person it belonged to when that was written down; it
 * counts where no merge or split has said more.
 */
export interface LoneKey extends PersonKey {
  readonly livesIn?: string;
}

/** Lone profiles that live on in person `to`, as a merge or a split says. Of two that name one, the higher sequence counts. */
export interface ProfilesMoved {
  readonly workspaceId: string;
  readonly to: string;
  readonly profileIds: readonly string[];
  /** 0 for merges from before there were sequences: those form chains and are never undone. */
  readonly sequence: number;
  /** After a split, whom it concerns: the profiles that leave, and the person they leave. */
  readonly leaving?: readonly string[];
}

/** The columns by which every table of people is locked; the others hold what a service remembers of them. */
export interface PersonRow {
  readonly workspace_id: string;
  readonly profile_id: string;
  /** The transaction that wrote the row last, as `xmin::text`. */
  readonly version: string;
  /** The person this profile lives on in; null for a person of its own. */
  readonly survivor_id: string | null;
  readonly sequence: number;
  readonly part_ids: readonly string[];
}

/** A row with what a service remembers of the person. */
export interface StateRow {
  readonly workspace_id: string;
  readonly profile_id: string;
}

export interface PartRow {
  readonly workspace_id: string;
  readonly profile_id: string;
  /** As `savedParts` gave it. */
  readonly state: unknown;
}

export interface PeopleTable<R extends StateRow, S> {
  /** Names its statements, so that a connection plans each of them once: for thousands of keys that took longer than the look-up. */
  readonly name: string;
  /**
   * `PersonRow` of each of `($1 workspace ids, $2 profile ids)`, ordered by both, `FOR UPDATE`. Of a partitioned table without
   * a join: see services/profile/src/sql/lock-people.sql.
   */
  readonly lockSql: string;
  /** States of `($1, $2)`, which are locked already. Asked for only where the state is not remembered. */
  readonly statesSql: string;
  readonly remembered: RememberedStates<S>;
  /** Creates empty rows of `($1, $2)` that live in `$3` (null: on their own) where there are none, in the same order. */
  readonly createSql: string;
  /** Parts (`PartRow`) of `($1, $2)`. They are written under the lock of their person only. */
  readonly partsSql: string;
  readonly stateOf: (row: R) => S;
  readonly stateOfPart: (state: never) => S;
  readonly initialState: S;
  /** What the state of a person of one profile says of that profile alone; all of it where this is left out. */
  readonly partOf?: (state: S) => S;
  /** Set where a fact about one lone profile may change the part of another: all parts of a person are loaded then. */
  readonly needsAllParts?: boolean;
  /** What two lone profiles of one person say together. Commutative and associative. */
  readonly merge: (a: S, b: S) => S;
}

/** A person whose row is held until the transaction ends. Whoever sets `state` sets `changed`. */
export interface LockedPerson<S> extends PersonKey {
  survivorId: string | null;
  sequence: number;
  /** Sorted. Empty: `state` is what this profile alone told. */
  partIds: readonly string[];
  state: S;
  /** The state as it was when the row was locked. */
  readonly loaded: S;
  changed: boolean;
}

/** What became of a part; `undefined` once it is kept in its person's row alone. */
export interface ChangedPart<S> extends PersonKey {
  readonly state: S | undefined;
}

/** A person whose parts have come together anew. */
export interface RegroupedPerson<S> {
  /** Its state joins the parts it has now. */
  readonly person: LockedPerson<S>;
  /** States, as they were, of all persons that parts of this one come from, itself included where it had a part that stayed. */
  readonly joined: readonly S[];
  /** Whether each of those came with all its parts: a plain merge. False for both sides of a split. */
  readonly isWhole: boolean;
}

export function nameOf({ workspaceId, profileId }: PersonKey): string {
  return `${workspaceId}\0${profileId}`;
}
