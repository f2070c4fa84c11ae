import { clustersOf } from './cluster.js';
import { linkKey, pairOf, type LinkPair, type StoredIdentifier, type StoredLink } from './graph-parts.js';
import { changesOf, type Changes } from './graph-changes.js';
import { IdentityGraph, type Observation, type Stir } from './identity-graph.js';
import type { RefusalReason } from './identity-events.js';
import type { IdentityRules } from './rules.js';

/** Reads what the graph knows; what it does not know is left out. */
export interface GraphReader {
  identifiers(ids: readonly string[]): Promise<readonly StoredIdentifier[]>;
  links(pairs: readonly LinkPair[]): Promise<readonly StoredLink[]>;
  /**
   * All links of the identifiers, with the identifiers at their other ends. Links that are inadmissible by the counts of
   * an identifier given may be left out, but for those an operator decided on.
   */
  surroundings(ids: readonly string[]): Promise<{
    readonly identifiers: readonly StoredIdentifier[];
    readonly links: readonly StoredLink[];
  }>;
}

/**
 * Puts observations into the graph and settles what hangs together with them. The state after any observations depends on
 * their set alone, never on their order or on how they were cut into calls. Work and reading are bounded by
 * `maxEntangled` and by the counts at which an identifier's links stop to mean anything, for each identifier observed.
 */
export async function resolveObservations(
  observations: readonly Observation[],
  reader: GraphReader,
  rules: IdentityRules,
): Promise<Changes & { readonly graph: IdentityGraph }> {
  const graph = new IdentityGraph(rules);
  const { ids, pairs } = mentioned(observations);
  const known = await reader.identifiers(ids);
  graph.know(known);
  graph.know([], await reader.links(pairs.filter((pair) => bothKnown(graph, pair))));
  observations.forEach((observation, place) => graph.observe(observation, place));
  for (;;) {
    const pieces = stirredPieces(graph);
    const wanted = [...new Set(pieces.flatMap((piece) => unexplored(graph, piece)))];
    if (wanted.length === 0) return { graph, ...settle(graph, pieces) };
    const { identifiers, links } = await reader.surroundings(wanted);
    graph.know(identifiers, links);
    for (const id of wanted) graph.identifiers.get(id)!.explored = true;
  }
}

function mentioned(observations: readonly Observation[]) {
  const ids = new Set<string>();
  const pairs = new Map<string, LinkPair>();
  for (const observation of observations) {
    const isSighting = observation.kind === 'sighting';
    const first = isSighting ? observation.lead : observation.first;
    const others = isSighting ? observation.others.map(({ identifier }) => identifier) : observation.others;
    ids.add(first.id);
    for (const other of others) {
      ids.add(other.id);
      const pair = pairOf(first, other);
      pairs.set(linkKey(pair), pair);
    }
  }
  return { ids: [...ids], pairs: [...pairs.values()] };
}

function bothKnown(graph: IdentityGraph, { lowerId, higherId }: LinkPair): boolean {
  return graph.identifiers.has(lowerId) && graph.identifiers.has(higherId);
}

/** Identifiers that hang together by admissible links, as far as they were read. */
interface Piece {
  readonly ids: readonly string[];
  readonly links: ReadonlySet<StoredLink>;
  readonly stir: Stir;
}

function stirredPieces(graph: IdentityGraph): readonly Piece[] {
  stirNeighboursOfCrowds(graph);
  const seen = new Set<string>();
  const pieces: Piece[] = [];
  for (const [id, stir] of graph.stirred) {
    if (!seen.has(id)) pieces.push(pieceAround(graph, id, stir, seen));
  }
  return pieces;
}

/** Where an identifier's links lost their meaning, those at their other ends are to be settled anew, each for itself. */
function stirNeighboursOfCrowds(graph: IdentityGraph): void {
  for (const [id, stir] of [...graph.stirred]) {
    const identifier = graph.identifiers.get(id)!;
    if (!identifier.explored || !graph.recount(identifier)) continue;
    for (const { lowerId, higherId } of graph.linksAt(id)) graph.stir(lowerId === id ? higherId : lowerId, stir);
  }
}

function pieceAround(graph: IdentityGraph, start: string, first: Stir, seen: Set<string>): Piece {
  const ids = [start];
  const links = new Set<StoredLink>();
  let stir = first;
  seen.add(start);
  for (let i = 0; i < ids.length; i += 1) {
    const id = ids[i]!;
    const own = graph.stirred.get(id);
    if (own && own.place < stir.place) stir = own;
    for (const link of graph.linksAt(id)) {
      if (graph.inadmissible(link) !== undefined) continue;
      links.add(link);
      const other = link.lowerId === id ? link.higherId : link.lowerId;
      if (seen.has(other)) continue;
      seen.add(other);
      ids.push(other);
    }
  }
  return { ids, links, stir };
}

/** What is to be read before a piece can be settled. Of a mega-cluster, only those that do not yet stand alone. */
function unexplored(graph: IdentityGraph, { ids }: Piece): readonly string[] {
  const isMega = ids.length > graph.rules.maxEntangled;
  return ids.filter((id) => {
    const { explored, entangled } = graph.identifiers.get(id)!;
    return !explored && !(isMega && entangled && !graph.stirred.has(id));
  });
}

function settle(graph: IdentityGraph, pieces: readonly Piece[]): Changes {
  const settled = new Map<string, Stir>();
  for (const piece of pieces) {
    if (piece.ids.length > graph.rules.maxEntangled) standAlone(graph, piece);
    else cluster(graph, piece);
    for (const id of piece.ids) settled.set(id, piece.stir);
  }
  for (const id of settled.keys()) {
    for (const link of graph.linksAt(id)) {
      const reason = graph.inadmissible(link);
      if (reason !== undefined) link.refusal = reason === 'unfounded' ? undefined : reason;
    }
  }
  return changesOf(graph, settled);
}

function standAlone(graph: IdentityGraph, { ids, links }: Piece): void {
  for (const id of ids) {
    const identifier = graph.identifiers.get(id)!;
    identifier.entangled = true;
    identifier.profileId = id;
  }
  refuse(graph, links, () => 'entangled');
}

function cluster(graph: IdentityGraph, { ids, links }: Piece): void {
  const identifiers = new Map(ids.map((id) => [id, graph.identifiers.get(id)!]));
  const apart = new Set(ids.flatMap((id) => graph.linksAt(id).filter(({ decision }) => decision?.kind === 'split')));
  const within = [...apart].filter(({ lowerId, higherId }) => identifiers.has(lowerId) && identifiers.has(higherId));
  const { profileOf, refusals } = clustersOf(identifiers, [...links], within, graph.rules);
  for (const [id, identifier] of identifiers) {
    identifier.entangled = false;
    identifier.profileId = profileOf.get(id)!;
  }
  refuse(graph, links, (link) => refusals.get(linkKey(link)));
}

function refuse(
  graph: IdentityGraph,
  links: Iterable<StoredLink>,
  reasonOf: (link: StoredLink) => RefusalReason | undefined,
): void {
  for (const link of links) graph.links.get(linkKey(link))!.refusal = reasonOf(link);
}
