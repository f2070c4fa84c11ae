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
  const before = await graphOf(tx, facts, claims);
  if (before.isComplete) {
    const resolved = resolveAll(before.graph, claims, rules);
    if (resolved.every(({ events }) => events.length === 0)) return resolved;
  }
  await lockGraph(tx);
  await facts.catchUp(tx);
  const { graph } = await graphOf(tx, facts, claims);
  return write(tx, facts, resolveAll(graph, claims, rules));
}

/** The part of the graph that the claims are about; complete where every identifier is known. */
async function graphOf(
  tx: PoolClient,
  facts: IdentityFacts,
  claims: readonly Claim[],
): Promise<{ readonly graph: IdentityGraph; readonly isComplete: boolean }> {
  const graph = new IdentityGraph();
  const unknown = new Map<string, Identifier>();
  for (const { identifiers } of claims) {
    for (const identifier of identifiers) {
      if (graph.isKnown(identifier) || unknown.has(identifier.key)) continue;
      const profile = facts.profileOf(identifier);
      if (profile) graph.know(identifier, profile);
      else unknown.set(identifier.key, identifier);
    }
    knowRefusals(graph, facts, identifiers);
  }
  const loaded = await loadIdentifiers(tx, [...unknown.values()]);
  for (const known of loaded) graph.know(known.identifier, facts.learn(known));
  for (const { mergedId, survivor } of await loadSurvivors(tx, claims.flatMap(namedProfile))) {
    graph.knowMerge(mergedId, survivor);
  }
  return { graph, isComplete: loaded.length === unknown.size };
}

function knowRefusals(graph: IdentityGraph, facts: IdentityFacts, [lead, ...others]: readonly Identifier[]): void {
  if (!lead || !facts.hasRefusals) return;
  for (const other of others) if (facts.isRefused(lead, other)) graph.knowRefusal(lead, other);
}

function namedProfile({ touchpoint: { workspaceId }, fallbackProfileId: profileId }: Claim) {
  return profileId === undefined ? [] : [{ workspaceId, profileId }];
}

function resolveAll(graph: IdentityGraph, claims: readonly Claim[], rules: IdentityRules): readonly Resolved[] {
  return claims.map((claim) =>
    claim.fallbackProfileId === undefined
      ? { claim, ...resolveIdentifiers(graph, claim.identifiers, rules) }
      : { claim, profileId: graph.survivorOf(claim.fallbackProfileId), events: [] },
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
