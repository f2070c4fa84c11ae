import type { IdentityDecided } from '@rapport/events';
import type { LogRecord } from '@rapport/event-log';
import {
  identifierOf,
  isKnownType,
  linkKey,
  pairOf,
  resolveObservations,
  type GraphReader,
  type IdentityRules,
  type LinkPair,
  type Observation,
  type Ruling,
  type Sighting,
  type StoredIdentifier,
} from '@rapport/identity';
import { createGraphReader, lockIdentityGraph, saveIdentityGraph } from '@rapport/profile-db';
import type { PoolClient } from 'pg';
import { announce, type CauseOfRecord } from './announcements.store.js';
import type { IdentityCache } from './identity-cache.js';
import { profileOfMessage, type Claim } from './read-claims.js';

/** Who a touchpoint is about: the person, and the profile of its leading identifier alone. */
export interface ResolvedProfile {
  readonly profileId: string;
  readonly loneProfileId: string;
}

export interface ResolvedBatch {
  /** By offset, of the touchpoints of the batch's partition. */
  readonly profiles: ReadonlyMap<number, ResolvedProfile>;
  /** To be called once what was decided is committed. */
  readonly learn: () => void;
}

/** An observation and the record that it was read from. */
export type Observed = readonly [cause: CauseOfRecord, observation: Observation];

export interface BatchToResolve {
  readonly claims: readonly Claim[];
  readonly rulings: readonly Observed[];
  /** What it has to say is on the log already, and need not be written down. */
  readonly isMute: boolean;
}

/**
 * Puts what a batch says about who is who into the graph. What the graph knows already needs no lock and no work. As soon
 * as something is new, the transaction becomes the graph's only writer, reads again what it did not know, and decides.
 */
export async function resolveBatch(
  tx: PoolClient,
  { claims, rulings, isMute }: BatchToResolve,
  cache: IdentityCache,
  rules: IdentityRules,
): Promise<ResolvedBatch> {
  await cache.catchUp(tx);
  const reader = createGraphReader(tx);
  const named = await readNamedProfiles(reader, claims);
  const sightings = claims.map((claim) => claim.sighting ?? sightingOfNamed(claim, named));
  const strange = sightings.filter((sighting) => sighting !== undefined && !cache.knows(sighting)) as Sighting[];
  await learnStored(reader, strange, cache);
  const unknown = new Set(strange.filter((sighting) => !cache.knows(sighting)));
  const news: readonly Observed[] = [
    ...claims.flatMap((claim, i) => (unknown.has(sightings[i]!) ? [[causeOf(claim), sightings[i]!] as const] : [])),
    ...rulings,
  ];
  const written = news.length > 0 ? await write(tx, { news, isMute }, rules) : undefined;
  const profileOf = (id: string): string | undefined =>
    written?.graph.identifiers.get(id)?.profileId ?? cache.profileOf(id) ?? named.get(id)?.profileId;
  const profiles = new Map<number, ResolvedProfile>();
  claims.forEach((claim, i) => {
    const loneProfileId = sightings[i]?.lead.id ?? claim.namedProfileId ?? profileOfMessage(claim.touchpoint);
    profiles.set(claim.record.offset, { loneProfileId, profileId: profileOf(loneProfileId) ?? loneProfileId });
  });
  return {
    profiles,
    learn: () => written && cache.learn(written.identifiers, written.links),
  };
}

/** What an operator said, in the terms of the graph; `undefined` for a decision that names types the rules do not know. */
export function rulingOf(record: LogRecord, decided: IdentityDecided, rules: IdentityRules): Observed | undefined {
  const { workspaceId, decisionId: id, kind, identifiers, decidedAt: timestamp } = decided;
  if (identifiers.length < 2 || !identifiers.every(({ type }) => isKnownType(type, rules))) return undefined;
  const [first, ...others] = identifiers.map(({ type, hash }) => identifierOf(workspaceId, type, hash));
  const ruling: Ruling = { kind, position: record.offset, first: first!, others, timestamp };
  return [{ record, id, timestamp }, ruling];
}

function causeOf({ record, touchpoint: { messageId: id, timestamp } }: Claim): CauseOfRecord {
  return { record, id, timestamp };
}

async function readNamedProfiles(
  reader: GraphReader,
  claims: readonly Claim[],
): Promise<ReadonlyMap<string, StoredIdentifier>> {
  const ids = new Set<string>();
  for (const { namedProfileId } of claims) if (namedProfileId !== undefined) ids.add(namedProfileId);
  const stored = ids.size > 0 ? await reader.identifiers([...ids]) : [];
  return new Map(stored.map((one) => [one.identifier.id, one]));
}

/** Our own services name a profile by the identifier that gave it its id. */
function sightingOfNamed(
  { namedProfileId, touchpoint: { workspaceId, timestamp } }: Claim,
  named: ReadonlyMap<string, StoredIdentifier>,
): Sighting | undefined {
  const stored = namedProfileId === undefined ? undefined : named.get(namedProfileId);
  if (stored?.identifier.workspaceId !== workspaceId) return undefined;
  return { kind: 'sighting', lead: stored.identifier, others: [], timestamp };
}

async function learnStored(reader: GraphReader, sightings: readonly Sighting[], cache: IdentityCache): Promise<void> {
  if (sightings.length === 0) return;
  const ids = new Set<string>();
  const pairs = new Map<string, LinkPair>();
  for (const { lead, others } of sightings) {
    ids.add(lead.id);
    for (const { identifier } of others) {
      const pair = pairOf(lead, identifier);
      pairs.set(linkKey(pair), pair);
    }
  }
  const identifiers = await reader.identifiers([...ids]);
  const known = new Set(identifiers.map(({ identifier }) => identifier.id));
  const wanted = [...pairs.values()].filter(({ lowerId, higherId }) => known.has(lowerId) || known.has(higherId));
  cache.learn(identifiers, await reader.links(wanted));
}

async function write(
  tx: PoolClient,
  { news, isMute }: { readonly news: readonly Observed[]; readonly isMute: boolean },
  rules: IdentityRules,
) {
  const sequence = await lockIdentityGraph(tx);
  const observations = news.map(([, observation]) => observation);
  const changes = await resolveObservations(observations, createGraphReader(tx), rules);
  const causes = news.map(([cause]) => cause);
  const events = isMute ? [] : changes.events;
  const last = await announce(tx, events, causes, sequence);
  await saveIdentityGraph(tx, changes.graph, changes, last);
  return changes;
}
