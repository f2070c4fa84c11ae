import {
  crowdedTypes,
  declaredLinks,
  isShared,
  linkKey,
  pairOf,
  type Decision,
  type StoredIdentifier,
  type StoredLink,
} from './graph-parts.js';
import type { Identifier } from './identifier.js';
import type { LinkStrength } from './identifiers.js';
import type { LinkReason, RefusalReason } from './identity-events.js';
import type { IdentityRules } from './rules.js';

/** What a touchpoint says about who is who: one identifier leads, the others came with it. */
export interface Sighting {
  readonly kind: 'sighting';
  readonly lead: Identifier;
  readonly others: readonly { readonly identifier: Identifier; readonly strength: LinkStrength }[];
  /** Event time, milliseconds since the epoch. */
  readonly timestamp: number;
}

/** What an operator says: the first identifier and each of the others are one person (`link`), or not (`split`). */
export interface Ruling extends Decision {
  readonly first: Identifier;
  readonly others: readonly Identifier[];
  readonly timestamp: number;
}

export type Observation = Sighting | Ruling;

/** An identifier while its part of the graph is worked on. */
export interface GraphIdentifier extends StoredIdentifier {
  firstSeenAt: number;
  leads: boolean;
  linkCounts: Record<string, number>;
  entangled: boolean;
  profileId: string;
  /** As it was read; `undefined` for one never seen before. */
  readonly stored: StoredIdentifier | undefined;
  /** Whether all links that may matter were read. */
  explored: boolean;
  shared: boolean;
  crowded: ReadonlySet<string>;
}

export interface GraphLink extends StoredLink {
  seen: boolean;
  declared: boolean;
  firstSeenAt: number;
  decision: Decision | undefined;
  refusal: RefusalReason | undefined;
  readonly stored: StoredLink | undefined;
}

/** Why an identifier is looked at anew: the place of the observation in its batch, and what that says. */
export interface Stir {
  readonly place: number;
  readonly reason: LinkReason;
}

/**
 * The part of the identity graph that some observations touch. Whoever makes it owns it; it is changed in place, for a copy
 * for each observation would make a batch quadratic. First everything known of the identifiers and pairs in question is
 * put in (`know`), then what was observed (`observe`), then what hangs together with it (`explored`).
 */
export class IdentityGraph {
  readonly identifiers = new Map<string, GraphIdentifier>();
  readonly links = new Map<string, GraphLink>();
  /** Identifiers whose surroundings changed, by id. */
  readonly stirred = new Map<string, Stir>();
  private readonly linksOf = new Map<string, GraphLink[]>();

  constructor(readonly rules: IdentityRules) {}

  know(identifiers: Iterable<StoredIdentifier>, links: Iterable<StoredLink> = []): void {
    for (const stored of identifiers) {
      if (!this.identifiers.has(stored.identifier.id)) this.addIdentifier({ ...stored, stored });
    }
    for (const stored of links) if (!this.links.has(linkKey(stored))) this.addLink({ ...stored, stored });
  }

  observe(observation: Observation, place: number): void {
    const { timestamp } = observation;
    if (observation.kind === 'sighting') {
      const { lead, others } = observation;
      const known = this.see(lead, timestamp, { place, reason: 'identified' });
      if (!known.leads) {
        known.leads = true;
        this.stir(lead.id, { place, reason: 'identified' });
      }
      for (const { identifier, strength } of others) this.link(known, identifier, strength, timestamp, place);
    } else {
      for (const other of observation.others) this.rule(observation, other, place);
    }
  }

  linksAt(id: string): readonly GraphLink[] {
    return this.linksOf.get(id) ?? [];
  }

  stir(id: string, stir: Stir): void {
    const known = this.stirred.get(id);
    if (!known || stir.place < known.place) this.stirred.set(id, stir);
  }

  /** Why a link says nothing about who is one person; `undefined` for one that may. */
  inadmissible(link: StoredLink): RefusalReason | 'unfounded' | undefined {
    if (link.decision) return link.decision.kind === 'link' ? undefined : 'kept-apart';
    if (!link.seen && !link.declared) return 'unfounded';
    const [a, b] = [this.identifiers.get(link.lowerId)!, this.identifiers.get(link.higherId)!];
    if (a.shared || b.shared) return 'shared';
    const isDeclared = link.declared && !a.crowded.has(declaredLinks) && !b.crowded.has(declaredLinks);
    const isSeen = link.seen && !a.crowded.has(b.identifier.type) && !b.crowded.has(a.identifier.type);
    return isDeclared || isSeen ? undefined : 'too-many-links';
  }

  /** Counts anew what an identifier was seen with; says whether that makes its links mean something else. */
  recount(identifier: GraphIdentifier): boolean {
    const { shared, crowded } = identifier;
    identifier.shared = isShared(identifier, this.rules);
    identifier.crowded = new Set(crowdedTypes(identifier, this.rules));
    return shared !== identifier.shared || crowded.size !== identifier.crowded.size;
  }

  private see(identifier: Identifier, timestamp: number, stir: Stir): GraphIdentifier {
    const known = this.identifiers.get(identifier.id);
    if (!known) {
      this.stir(identifier.id, stir);
      return this.addIdentifier({
        identifier,
        firstSeenAt: timestamp,
        leads: false,
        linkCounts: {},
        entangled: false,
        profileId: identifier.id,
        stored: undefined,
      });
    }
    if (timestamp < known.firstSeenAt) {
      known.firstSeenAt = timestamp;
      this.stir(identifier.id, stir);
    }
    return known;
  }

  private link(
    lead: GraphIdentifier,
    identifier: Identifier,
    strength: LinkStrength,
    timestamp: number,
    place: number,
  ): void {
    const stir: Stir = { place, reason: strength === 'declared' ? 'alias' : 'identified' };
    const other = this.see(identifier, timestamp, stir);
    const link = this.linkBetween(lead, other, timestamp);
    const isNews = strength === 'declared' ? !link.declared : !link.seen;
    if (!isNews && timestamp >= link.firstSeenAt) return;
    link.firstSeenAt = Math.min(link.firstSeenAt, timestamp);
    if (isNews && strength === 'declared') {
      link.declared = true;
      for (const end of [lead, other]) count(end, declaredLinks);
    } else if (isNews) {
      link.seen = true;
      count(lead, other.identifier.type);
      count(other, lead.identifier.type);
    }
    this.stir(lead.identifier.id, stir);
    this.stir(identifier.id, stir);
  }

  private rule({ kind, position, first, timestamp }: Ruling, other: Identifier, place: number): void {
    const stir: Stir = { place, reason: 'decided' };
    const [a, b] = [this.see(first, timestamp, stir), this.see(other, timestamp, stir)];
    if (a === b) return;
    const link = this.linkBetween(a, b, timestamp);
    if (link.decision && link.decision.position >= position) return;
    link.decision = { kind, position };
    link.firstSeenAt = Math.min(link.firstSeenAt, timestamp);
    this.stir(first.id, stir);
    this.stir(other.id, stir);
  }

  private linkBetween(a: GraphIdentifier, b: GraphIdentifier, timestamp: number): GraphLink {
    const { lowerId, higherId } = pairOf(a.identifier, b.identifier);
    return (
      this.links.get(linkKey({ lowerId, higherId })) ??
      this.addLink({
        lowerId,
        higherId,
        seen: false,
        declared: false,
        firstSeenAt: timestamp,
        decision: undefined,
        refusal: undefined,
        stored: undefined,
      })
    );
  }

  private addIdentifier(parts: Omit<GraphIdentifier, 'explored' | 'shared' | 'crowded'>): GraphIdentifier {
    const added: GraphIdentifier = {
      ...parts,
      linkCounts: { ...parts.linkCounts },
      explored: parts.stored === undefined,
      shared: false,
      crowded: new Set(),
    };
    this.recount(added);
    this.identifiers.set(parts.identifier.id, added);
    return added;
  }

  private addLink(link: GraphLink): GraphLink {
    this.links.set(linkKey(link), link);
    for (const id of [link.lowerId, link.higherId]) {
      const links = this.linksOf.get(id);
      if (links) links.push(link);
      else this.linksOf.set(id, [link]);
    }
    return link;
  }
}

function count(identifier: GraphIdentifier, type: string): void {
  identifier.linkCounts[type] = (identifier.linkCounts[type] ?? 0) + 1;
}
