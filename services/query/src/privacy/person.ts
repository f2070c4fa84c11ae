import { profileIdOf, type PlainIdentifier, type Touchpoint, type TouchpointContent } from '@rapport/events';
import { loadSql } from '@rapport/profile-db';
import {
  identifiersOf,
  isKnownType,
  plainIdentifiersIn,
  ruleOf,
  usableValue,
  type IdentityRules,
} from '@rapport/identity';
import type { Platform } from '@rapport/runtime';
import { identityRulesOf } from '../identity/identity-rules.js';
import { findProfile, type ProfileAddress } from '../profiles/find-profile.js';
import type { ProfileRow } from '../profiles/profile.store.js';

const sql = {
  identifiers: loadSql(import.meta.url, 'find-identifiers'),
  loneProfiles: loadSql(import.meta.url, 'find-lone-profiles'),
  touchpoints: loadSql(import.meta.url, 'find-touchpoints'),
};

const readAtOnce = 16;

export interface LogPosition {
  readonly partition: number;
  readonly offset: number;
}

/** All that belongs to one person, whatever was merged: ids, keyed hashes, and where their touchpoints stand. */
export interface Person {
  readonly workspaceId: string;
  readonly profile: ProfileRow;
  /** Every lone profile; the one the person lives on in first. */
  readonly profileIds: readonly string[];
  readonly identifiers: readonly { readonly type: string; readonly hash: string }[];
  /** On the topic `touchpoints`, in the order of event time. */
  readonly positions: readonly LogPosition[];
}

type Stores = Pick<Platform, 'config' | 'postgres' | 'reads' | 'clickhouse' | 'eventLog' | 'codec' | 'vault'>;

export async function findPerson(platform: Stores, address: ProfileAddress): Promise<Person | undefined> {
  const profile = await findProfile(platform, address);
  if (profile === undefined) return undefined;
  const { workspaceId } = address;
  const root = profile.profile_id;
  const { rows } = await platform.postgres.query<{ type: string; hash: string; profile_id: string }>(sql.identifiers, [
    workspaceId,
    root,
  ]);
  const merged = await ask<{ profile_id: string }>(platform, sql.loneProfiles, { workspaceId, profileId: root });
  const profileIds = new Set([
    root,
    ...rows.flatMap(({ type, hash, profile_id }) => [profile_id, profileIdOf(workspaceId, type, hash)]),
    ...merged.map(({ profile_id }) => profile_id),
  ]);
  return {
    workspaceId,
    profile,
    profileIds: [...profileIds],
    identifiers: rows.map(({ type, hash }) => ({ type, hash })),
    positions: await findPositions(platform, { workspaceId, profileIds: [...profileIds] }),
  };
}

/** Where the touchpoints of these lone profiles stand on the topic `touchpoints`, in the order of event time. */
export async function findPositions(
  platform: Pick<Platform, 'clickhouse'>,
  { workspaceId, profileIds }: Pick<Person, 'workspaceId' | 'profileIds'>,
): Promise<readonly LogPosition[]> {
  const rows = await ask<{ partition: number; offset: string }>(platform, sql.touchpoints, { workspaceId, profileIds });
  return rows.map(({ partition, offset }) => ({ partition, offset: Number(offset) }));
}

/** The person's touchpoints as they stand on the log, sealed, in order. */
export async function* readTouchpoints(
  { eventLog, codec }: Pick<Platform, 'eventLog' | 'codec'>,
  { workspaceId, positions }: Pick<Person, 'workspaceId' | 'positions'>,
): AsyncGenerator<Touchpoint> {
  const readOne = async ({ partition, offset }: LogPosition): Promise<Touchpoint | undefined> => {
    for await (const [record] of eventLog.read({ topic: 'touchpoints', partition, from: offset, to: offset + 1 })) {
      const event = record?.offset === offset && record.value ? codec.decode(record.value) : undefined;
      if (event?.name === 'touchpoint' && event.value.workspaceId === workspaceId) return event.value;
    }
    return undefined;
  };
  for (let first = 0; first < positions.length; first += readAtOnce) {
    const some = await Promise.all(positions.slice(first, first + readAtOnce).map(readOne));
    for (const touchpoint of some) if (touchpoint) yield touchpoint;
  }
}

/** Under which keys a person was sealed, and by which identifiers they were known. */
export interface Traces {
  /**
   * Every subject under whose keys something of the person was sealed: those their touchpoints name, and those their
   * identifiers would name. A subject that many share, because its identifier is blocked, is nobody's and left out; so is one of
   * an identifier that came with the person and belongs to somebody else.
   */
  readonly subjectIds: readonly string[];
  /** In the clear and as they were sent; those that the graph holds to be theirs. */
  readonly plainIdentifiers: readonly PlainIdentifier[];
}

export async function tracesOf(platform: Stores, person: Person): Promise<Traces> {
  const { workspaceId, profile, profileIds, identifiers } = person;
  const rules = await identityRulesOf(platform.config);
  const theirs = createTheirs(platform, rules, person);
  const subjects = new Set<string>();
  for (const { type, hash } of identifiers) if (type === 'userId' || type === 'anonymousId') subjects.add(hash);
  for (const type of ['userId', 'anonymousId']) {
    for (const [value] of profile.identifiers[type] ?? []) {
      // A profile shows what came with the person, somebody else's device too: under its keys stand touchpoints of its owner.
      if (theirs.add({ type, value })) subjects.add(platform.vault.hash(workspaceId, type, value));
    }
  }
  for (const profileId of profileIds) subjects.add(platform.vault.hash(workspaceId, 'profileId', profileId));
  for await (const touchpoint of readTouchpoints(platform, person)) {
    const content = await contentOf(platform, touchpoint);
    const said = content === undefined ? [] : plainIdentifiersIn(touchpoint, content, rules);
    for (const identifier of said) theirs.add(identifier);
    if (subjects.has(touchpoint.subjectId)) continue;
    if (!isShared(platform, touchpoint, content, rules)) subjects.add(touchpoint.subjectId);
  }
  return { subjectIds: [...subjects], plainIdentifiers: theirs.all() };
}

interface Theirs {
  /** False for an identifier that is not the person's, and passed over: blocked, shared with others, or split off. */
  add(identifier: PlainIdentifier): boolean;
  all(): readonly PlainIdentifier[];
}

function createTheirs(
  { vault }: Pick<Platform, 'vault'>,
  rules: IdentityRules,
  { workspaceId, identifiers }: Person,
): Theirs {
  const hashes = new Set(identifiers.map(({ hash }) => hash));
  const found = new Map<string, PlainIdentifier>();
  return {
    add({ type, value }) {
      if (found.has(`${type}\n${value}`)) return true;
      const usable = isKnownType(type, rules) ? usableValue(value, ruleOf(type, rules), rules) : undefined;
      if (usable === undefined || !hashes.has(vault.hash(workspaceId, type, usable))) return false;
      found.set(`${type}\n${value}`, { type, value });
      return true;
    },
    all: () => [...found.values()],
  };
}

async function contentOf(
  { vault }: Pick<Platform, 'vault'>,
  { workspaceId, subjectId, keyId, messageId, content: bytes }: Touchpoint,
): Promise<TouchpointContent | undefined> {
  const [content] = await vault.openContent([{ workspaceId, subjectId, keyId, boundTo: messageId, bytes }]);
  return content;
}

function isShared(
  { vault }: Pick<Platform, 'vault'>,
  touchpoint: Touchpoint,
  content: TouchpointContent | undefined,
  rules: IdentityRules,
): boolean {
  if (content === undefined) return false;
  const leads = content.userId === undefined ? 'anonymousId' : 'userId';
  const lead = content[leads];
  if (lead === undefined || vault.hash(touchpoint.workspaceId, leads, lead) !== touchpoint.subjectId) return false;
  return !identifiersOf(touchpoint, content, rules).some(({ type }) => type === leads);
}

async function ask<T>(
  { clickhouse }: Pick<Platform, 'clickhouse'>,
  query: string,
  query_params: Record<string, unknown>,
): Promise<T[]> {
  const answer = await clickhouse.query({ query, query_params, format: 'JSONEachRow' });
  return answer.json<T>();
}
