import { isDeepStrictEqual } from 'node:util';
import {
  nameOf,
  type ChangedPart,
  type LockedPerson,
  type PersonKey,
  type PeopleTable,
  type ProfilesMoved,
  type RegroupedPerson,
  type StateRow,
} from './people-table.js';

type Joining<S> = Pick<PeopleTable<StateRow, S>, 'initialState' | 'merge' | 'partOf' | 'remembered'>;

interface Group<S> {
  readonly partIds: string[];
  readonly from: Set<LockedPerson<S>>;
}

/**
 * People under lock: their rows, and of those who have several lone profiles the part of each that is written to. What
 * is done here is on the log's side of the truth: which facts a lone profile has, and where it lives as of which sequence.
 * Rows and parts follow from these two alone, in whatever order they become known.
 */
export class LockedPeople<S> {
  private readonly parts = new Map<string, S>();
  private readonly touchedParts = new Map<string, PersonKey>();
  private readonly ownParts: PersonKey[] = [];
  /** For thousands of look-ups: no name has to be put together. Of two workspaces with one id, the last. */
  private readonly byProfileId: ReadonlyMap<string, LockedPerson<S>>;

  constructor(
    private readonly rows: ReadonlyMap<string, LockedPerson<S>>,
    private readonly table: Joining<S>,
    private readonly version: string,
  ) {
    this.byProfileId = new Map([...rows.values()].map((row) => [row.profileId, row]));
  }

  /** The person that a profile is now. */
  person(key: PersonKey): LockedPerson<S> {
    let row = this.row(key);
    for (const passed = new Set([row]); row.survivorId !== null; passed.add(row)) {
      const next = this.row({ workspaceId: row.workspaceId, profileId: row.survivorId });
      // What a sequence says is final; merges without one form chains.
      if (row.sequence > 0) return next;
      if (passed.has(next)) return next;
      row = next;
    }
    return row;
  }

  /** Tells something of a lone profile: its part and its person change alike. */
  tell(key: PersonKey, change: (state: S) => S): LockedPerson<S> {
    const person = this.person(key);
    if (person.partIds.length > 0 || person.profileId !== key.profileId) this.changePart(person, key.profileId, change);
    this.set(person, change(person.state));
    return person;
  }

  /** Changes a lone profile's part without its person; nothing where the person has no parts. */
  changePartOf(person: LockedPerson<S>, profileId: string, change: (state: S) => S): void {
    if (person.partIds.length > 0) this.changePart(person, profileId, change);
  }

  /** The parts of a person that are known under this lock. */
  partsOf({ workspaceId, partIds }: LockedPerson<S>): ReadonlyMap<string, S> {
    const known = partIds.flatMap((profileId) => {
      const state = this.parts.get(nameOf({ workspaceId, profileId }));
      return state === undefined ? [] : [[profileId, state] as const];
    });
    return new Map(known);
  }

  /**
   * Moves lone profiles, and gives the persons that have other parts than before. Empty where nothing changed: a higher
   * sequence has spoken of all of them, or they live there already.
   */
  move({ workspaceId, to, profileIds, sequence }: ProfilesMoved): readonly RegroupedPerson<S>[] {
    const rows = profileIds.map((profileId) => this.row({ workspaceId, profileId }));
    const outdated = rows.filter((row) => (sequence > 0 ? row.sequence < sequence : this.joinsAnother(row, to)));
    if (outdated.length === 0) return [];
    const before = outdated.map((row) => this.person(row));
    for (const row of outdated) {
      row.survivorId = row.profileId === to ? null : to;
      row.sequence = sequence;
      row.changed = true;
    }
    const after = outdated.map((row) => this.person(row));
    return after.every((person, i) => person === before[i]) ? [] : this.regroup([...new Set([...before, ...after])]);
  }

  changed(): readonly LockedPerson<S>[] {
    return [...this.rows.values()].filter((each) => each.changed);
  }

  /** To be called once the rows of all who changed are written. */
  saved(): void {
    for (const [name, { changed, state }] of this.rows)
      if (changed) this.table.remembered.set(name, this.version, state);
  }

  changedParts(): readonly ChangedPart<S>[] {
    return [...this.touchedParts].map(([name, key]) => ({ ...key, state: this.parts.get(name) }));
  }

  /** Profiles whose own state, all that their row had said, became one part among several. */
  becameParts(): readonly PersonKey[] {
    return this.ownParts;
  }

  know(key: PersonKey, state: S): void {
    this.parts.set(nameOf(key), state);
  }

  private row(key: PersonKey): LockedPerson<S> {
    const near = this.byProfileId.get(key.profileId);
    const found = near?.workspaceId === key.workspaceId ? near : this.rows.get(nameOf(key));
    if (found === undefined) throw new Error(`profile ${key.profileId} was not among those that were locked`);
    return found;
  }

  /** Whether a merge without a sequence says something new of this profile. */
  private joinsAnother(row: LockedPerson<S>, to: string): boolean {
    const { workspaceId } = row;
    return row.sequence === 0 && this.person(row) !== this.person({ workspaceId, profileId: to });
  }

  private changePart(person: LockedPerson<S>, profileId: string, change: (state: S) => S): void {
    const key = { workspaceId: person.workspaceId, profileId };
    if (person.partIds.length === 0) this.makeOwnPart(person);
    this.setPart(key, change(this.parts.get(nameOf(key)) ?? this.table.initialState));
    if (!person.partIds.includes(profileId)) person.partIds = [...person.partIds, profileId].sort();
  }

  private makeOwnPart(person: LockedPerson<S>): void {
    const { workspaceId, profileId, state } = person;
    const part = this.table.partOf?.(state) ?? state;
    if (isDeepStrictEqual(part, this.table.initialState)) return;
    this.setPart(person, part);
    this.ownParts.push({ workspaceId, profileId });
    person.partIds = [profileId];
  }

  private regroup(affected: readonly LockedPerson<S>[]): readonly RegroupedPerson<S>[] {
    const before = new Map(affected.map((person) => [person, person.state]));
    const groups = this.groupsOf(affected);
    const goesTo = (source: LockedPerson<S>): number =>
      [...groups.values()].filter(({ from }) => from.has(source)).length;
    return [...new Set([...affected, ...groups.keys()])].map((person) => {
      const { partIds, from } = groups.get(person) ?? { partIds: [], from: new Set() };
      const joined = [...from].map((source) => before.get(source) ?? source.state);
      const isWhole = [...from].every((source) => goesTo(source) === 1);
      this.rejoin(person, partIds.sort());
      return { person, joined, isWhole };
    });
  }

  /** The parts of these people by who they belong to now, and whom they come from. */
  private groupsOf(affected: readonly LockedPerson<S>[]): ReadonlyMap<LockedPerson<S>, Group<S>> {
    const groups = new Map<LockedPerson<S>, Group<S>>();
    for (const person of affected) {
      if (person.partIds.length === 0) this.makeOwnPart(person);
      for (const profileId of person.partIds) {
        const owner = this.person({ workspaceId: person.workspaceId, profileId });
        const group = groups.get(owner) ?? { partIds: [], from: new Set() };
        groups.set(owner, group);
        group.partIds.push(profileId);
        group.from.add(person);
      }
    }
    return groups;
  }

  private rejoin(person: LockedPerson<S>, partIds: readonly string[]): void {
    const { workspaceId } = person;
    const states = partIds.map((profileId) => this.part({ workspaceId, profileId }));
    const [first, ...others] = states;
    this.set(person, first === undefined ? this.table.initialState : others.reduce(this.table.merge, first));
    const isAlone = partIds.length === 1 && partIds[0] === person.profileId;
    person.partIds = isAlone ? [] : partIds;
    if (isAlone) this.setPart(person, undefined);
  }

  private part(key: PersonKey): S {
    const state = this.parts.get(nameOf(key));
    if (state === undefined) throw new Error(`the part of profile ${key.profileId} was not loaded`);
    return state;
  }

  private setPart({ workspaceId, profileId }: PersonKey, state: S | undefined): void {
    const name = nameOf({ workspaceId, profileId });
    if (state === undefined) this.parts.delete(name);
    else this.parts.set(name, state);
    this.touchedParts.set(name, { workspaceId, profileId });
  }

  private set(person: LockedPerson<S>, state: S): void {
    person.state = state;
    person.changed = true;
  }
}
