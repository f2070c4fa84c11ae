import { survivorOf } from './cluster.js';
import type { IdentityEvent } from './identity-events.js';
import type { GraphIdentifier, GraphLink, IdentityGraph, Stir } from './identity-graph.js';
import { ruleOf } from './rules.js';

/** An event and the place, in its batch, of the observation that caused it. */
export interface CausedEvent {
  readonly place: number;
  readonly event: IdentityEvent;
}

export interface Changes {
  /** New or changed; to be stored as they are now. */
  readonly identifiers: readonly GraphIdentifier[];
  readonly links: readonly GraphLink[];
  /** In the order in which they are to be numbered. */
  readonly events: readonly CausedEvent[];
}

/** Identifiers that go the same way: from one profile into another. */
interface Move {
  readonly fromId: string;
  readonly toId: string;
  readonly identifiers: GraphIdentifier[];
  stir: Stir;
}

/** What differs from what was read, among the settled identifiers, and how to say so to others. */
export function changesOf(graph: IdentityGraph, settled: ReadonlyMap<string, Stir>): Changes {
  const identifiers = [...graph.identifiers.values()].filter(identifierChanged);
  const links = [...graph.links.values()].filter(linkChanged);
  const moves = movesOf(graph, settled);
  const linked = [...settled].flatMap(([id, { place }]) => linkedEvent(graph, id, place, moves));
  const refused = links.flatMap((link) => refusedEvent(graph, link, settled));
  const moved = [...moves.values()].flatMap((move) => moveEvents(graph, move, links));
  return { identifiers, links, events: [...linked, ...moved, ...refused] };
}

function identifierChanged({ stored, ...now }: GraphIdentifier): boolean {
  return (
    !stored ||
    stored.profileId !== now.profileId ||
    stored.firstSeenAt !== now.firstSeenAt ||
    stored.leads !== now.leads ||
    stored.entangled !== now.entangled ||
    Object.keys(now.linkCounts).some((type) => now.linkCounts[type] !== stored.linkCounts[type])
  );
}

function linkChanged({ stored, ...now }: GraphLink): boolean {
  return (
    !stored ||
    stored.seen !== now.seen ||
    stored.declared !== now.declared ||
    stored.firstSeenAt !== now.firstSeenAt ||
    stored.decision !== now.decision ||
    stored.refusal !== now.refusal
  );
}

/** The profile that others take an identifier's lone profile for: its own until it leads, and the stored one since. */
function announcedProfile({ identifier, stored }: GraphIdentifier): string {
  return stored?.leads ? stored.profileId : identifier.id;
}

type Moves = ReadonlyMap<string, Move>;

const moveKey = (fromId: string, toId: string): string => `${fromId}${toId}`;

function movesOf(graph: IdentityGraph, settled: ReadonlyMap<string, Stir>): Moves {
  const moves = new Map<string, Move>();
  for (const [id, stir] of settled) {
    const identifier = graph.identifiers.get(id)!;
    const fromId = announcedProfile(identifier);
    const toId = identifier.profileId;
    if (!identifier.leads || fromId === toId) continue;
    const key = moveKey(fromId, toId);
    const move = moves.get(key);
    if (!move) moves.set(key, { fromId, toId, identifiers: [identifier], stir });
    else {
      move.identifiers.push(identifier);
      if (stir.place < move.stir.place) move.stir = stir;
    }
  }
  return moves;
}

/**
 * A new identifier says which profile it belongs to, and so does one that left a profile without all of it: where a whole
 * profile goes over into another, the merge says enough.
 */
function linkedEvent(graph: IdentityGraph, id: string, place: number, moves: Moves): readonly CausedEvent[] {
  const { identifier, profileId, stored } = graph.identifiers.get(id)!;
  if (stored?.profileId === profileId) return [];
  const isMerged =
    stored && moves.has(moveKey(stored.profileId, profileId)) && goesTo(graph, stored.profileId, profileId);
  return isMerged ? [] : [{ place, event: { name: 'identifier-linked', identifier, profileId } }];
}

/** Whether the identifier that gave a profile its id now belongs to that other profile. */
function goesTo(graph: IdentityGraph, fromId: string, toId: string): boolean {
  return graph.identifiers.get(fromId)?.profileId === toId;
}

function refusedEvent(
  graph: IdentityGraph,
  { lowerId, higherId, refusal, stored }: GraphLink,
  settled: ReadonlyMap<string, Stir>,
): readonly CausedEvent[] {
  if (refusal === undefined || refusal === stored?.refusal) return [];
  const [a, b] = [graph.identifiers.get(lowerId)!, graph.identifiers.get(higherId)!];
  const isLower = ruleOf(a.identifier.type, graph.rules).rank > ruleOf(b.identifier.type, graph.rules).rank;
  const [{ identifier }, { identifier: linked, profileId }] = isLower ? [a, b] : [b, a];
  const { place } = settled.get(lowerId) ?? settled.get(higherId)!;
  return [{ place, event: { name: 'link-refused', identifier, linked, profileId, reason: refusal } }];
}

/**
 * A move is a merge where the profile it leaves goes along, and a split where the profile it comes to leaves with it. A
 * part that leaves one person for another first becomes a person of its own.
 */
function moveEvents(graph: IdentityGraph, move: Move, links: readonly GraphLink[]): readonly CausedEvent[] {
  const { fromId, toId, identifiers, stir } = move;
  const { workspaceId } = identifiers[0]!.identifier;
  const leaves = graph.identifiers.get(toId)?.stored?.profileId === fromId;
  const ids = (...more: string[]) =>
    [...new Set([...identifiers.map(({ identifier }) => identifier.id), ...more])].sort();
  const merge = (mergedId: string, profileIds: readonly string[]): CausedEvent => ({
    place: stir.place,
    event: { name: 'profiles-merged', workspaceId, survivorId: toId, mergedId, profileIds, reason: stir.reason },
  });
  const split = (profileId: string, profileIds: readonly string[]): CausedEvent => ({
    place: stir.place,
    event: {
      name: 'profiles-split',
      workspaceId,
      fromId,
      profileId,
      profileIds,
      reason: splitReason(links, identifiers),
    },
  });
  if (goesTo(graph, fromId, toId)) return [merge(fromId, ids(fromId))];
  if (leaves) return [split(toId, ids(toId))];
  const partId = survivorOf(identifiers, graph.rules);
  return [split(partId, ids()), merge(partId, ids())];
}

function splitReason(links: readonly GraphLink[], identifiers: readonly GraphIdentifier[]): string {
  const leaving = new Set(identifiers.map(({ identifier }) => identifier.id));
  const cut = links.find(
    ({ lowerId, higherId, refusal, stored }) =>
      refusal !== undefined && !(stored && stored.refusal) && leaving.has(lowerId) !== leaving.has(higherId),
  );
  return cut?.refusal ?? 'older-link-elsewhere';
}
