import {
  IdentityGraph,
  refusalKey,
  resolveIdentifiers,
  type Identifier,
  type IdentityEvent,
  type IdentityRules,
} from '@rapport/identity';
import type { PoolClient } from 'pg';
import type { IdentityCache, IdentityFacts } from './identity-cache.js';
import {
  insertIdentifiers,
  insertMerges,
  insertRefusals,
  loadIdentifiers,
  loadSurvivors,
  lockGraph,
} from './identity.store.js';
import type { Claim } from './read-claims.js';

export interface Resolved {
  readonly claim: Claim;
  readonly profileId: string;
  readonly events: readonly IdentityEvent[];
}

/**
 * Says which profile each touchpoint belongs to and writes what they taught about identities.
 *
 * Touchpoints of known people need no lock: what they read is committed, and a merge that commits at the same moment is
 * followed by every reader of profile ids anyway. As soon as the graph changes, the batch becomes its only writer, reads
 * again what it did not know, and decides on that. Called once a transaction: what it reads goes into the cache and must
 * be committed, so nothing may have been written to the graph before.
 */
export async function resolveClaims(
  tx: PoolClient,
  claims: readonly Claim[],
  cache: IdentityCache,
  rules: IdentityRules,
): Promise<readonly Resolved[]> {
  const facts = await cache.facts(tx);
  await learnUnknown(tx, facts, claims);
  if (areKnown(facts, claims)) {
    const resolved = resolveAll(await graphOf(tx, facts, claims), claims, rules);
    if (resolved.every(({ events }) => events.length === 0)) return resolved;
  }
  await lockGraph(tx);
  await facts.catchUp(tx);
  await learnUnknown(tx, facts, claims);
  const resolved = resolveAll(await graphOf(tx, facts, claims), claims, rules);
  return write(tx, facts, resolved);
}

async function learnUnknown(tx: PoolClient, facts: IdentityFacts, claims: readonly Claim[]): Promise<void> {
  for (const known of await loadIdentifiers(tx, unknownOf(facts, claims))) facts.learn(known);
}

function areKnown(facts: IdentityFacts, claims: readonly Claim[]): boolean {
  return claims.every(({ identifiers }) => identifiers.every((identifier) => facts.profileOf(identifier)));
}

function unknownOf(facts: IdentityFacts, claims: readonly Claim[]): readonly Identifier[] {
  const unknown = claims.flatMap(({ identifiers }) => identifiers.filter((one) => !facts.profileOf(one)));
  return [...new Map(unknown.map((one) => [`${one.workspaceId}\n${one.type}\n${one.hash}`, one])).values()];
}

async function graphOf(tx: PoolClient, facts: IdentityFacts, claims: readonly Claim[]): Promise<IdentityGraph> {
  const graph = new IdentityGraph();
  for (const { identifiers } of claims) {
    const [lead, ...others] = identifiers;
    for (const identifier of identifiers) {
      const profile = facts.profileOf(identifier);
      if (profile) graph.know(identifier, profile);
    }
    for (const other of others) if (lead && facts.isRefused(lead, other)) graph.knowRefusal(lead, other);
  }
  const named = claims.filter(({ identifiers }) => identifiers.length === 0);
  const survivors = await loadSurvivors(
    tx,
    named.map(({ touchpoint, fallbackProfileId }) => ({
      workspaceId: touchpoint.workspaceId,
      profileId: fallbackProfileId,
    })),
  );
  for (const { mergedId, survivor } of survivors) graph.knowMerge(mergedId, survivor);
  return graph;
}

function resolveAll(graph: IdentityGraph, claims: readonly Claim[], rules: IdentityRules): readonly Resolved[] {
  return claims.map((claim) =>
    claim.identifiers.length === 0
      ? { claim, profileId: graph.survivorOf(claim.fallbackProfileId), events: [] }
      : { claim, ...resolveIdentifiers(graph, claim.identifiers, rules) },
  );
}

async function write(
  tx: PoolClient,
  facts: IdentityFacts,
  resolved: readonly Resolved[],
): Promise<readonly Resolved[]> {
  const events = resolved.flatMap((one) => one.events);
  await insertIdentifiers(
    tx,
    events.filter((event) => event.name === 'identifier-linked'),
  );
  await insertMerges(
    tx,
    events.filter((event) => event.name === 'profiles-merged'),
  );
  const refusals = events.filter((event) => event.name === 'link-refused');
  if (refusals.length === 0) return resolved;
  const fresh = await insertRefusals(tx, refusals);
  const isToldBefore = (event: IdentityEvent): boolean =>
    event.name === 'link-refused' && !fresh.has(refusalKey(event.lead, event.identifier));
  for (const { lead, identifier } of refusals) {
    if (!fresh.has(refusalKey(lead, identifier))) facts.learnRefusal(lead, identifier);
  }
  return resolved.map((one) =>
    one.events.some(isToldBefore) ? { ...one, events: one.events.filter((event) => !isToldBefore(event)) } : one,
  );
}
