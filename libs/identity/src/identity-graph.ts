import type { IdentityEvent } from './identity-events.js';

/** An identifier as the graph knows it. Two values are the same identifier when all three parts are equal. */
export interface Identifier {
  readonly workspaceId: string;
  readonly type: string;
  /** Keyed hash of the value (`SubjectVault.hash`). */
  readonly hash: string;
  /** The three parts in one text: what maps of identifiers go by. */
  readonly key: string;
}

export function identifierOf(workspaceId: string, type: string, hash: string): Identifier {
  return { workspaceId, type, hash, key: `${workspaceId}\n${type}\n${hash}` };
}

/** A profile that was not merged into another. It has the id of its strongest identifier, whose type is kept. */
export interface RootProfile {
  readonly profileId: string;
  readonly leadType: string;
}

/** Names the refusal to link two identifiers. */
export function refusalKey(lead: Identifier, other: Identifier): string {
  return `${lead.key}\n${other.key}`;
}

/**
 * The part of the identity graph that some touchpoints need: which profile each of their identifiers belongs to, and
 * which links were refused before. Whoever makes it owns it, and `evolve` changes it in place: a copy for each event
 * would make a batch quadratic.
 */
export class IdentityGraph {
  private readonly profiles = new Map<string, RootProfile>();
  private readonly survivors = new Map<string, RootProfile>();
  private readonly refusals = new Set<string>();

  /** The profile that an identifier belongs to now; `undefined` for an identifier never seen. */
  profileOf(identifier: Identifier): RootProfile | undefined {
    const profile = this.profiles.get(identifier.key);
    return profile && this.rootOf(profile);
  }

  isKnown(identifier: Identifier): boolean {
    return this.profiles.has(identifier.key);
  }

  survivorOf(profileId: string): string {
    return this.survivors.has(profileId) ? this.rootOf({ profileId, leadType: '' }).profileId : profileId;
  }

  isRefused(lead: Identifier, other: Identifier): boolean {
    return this.refusals.has(refusalKey(lead, other));
  }

  know(identifier: Identifier, profile: RootProfile): void {
    this.profiles.set(identifier.key, profile);
  }

  knowMerge(mergedId: string, survivor: RootProfile): void {
    this.survivors.set(mergedId, survivor);
  }

  knowRefusal(lead: Identifier, other: Identifier): void {
    this.refusals.add(refusalKey(lead, other));
  }

  private rootOf(profile: RootProfile): RootProfile {
    let root = profile;
    for (let next = this.survivors.get(root.profileId); next; next = this.survivors.get(root.profileId)) root = next;
    return root;
  }
}

/** The graph after the event: the same object, changed. */
export function evolve(graph: IdentityGraph, event: IdentityEvent): IdentityGraph {
  switch (event.name) {
    case 'identifier-linked':
      graph.know(event.identifier, event.profile);
      return graph;
    case 'profiles-merged':
      graph.knowMerge(event.mergedId, event.survivor);
      return graph;
    case 'link-refused':
      graph.knowRefusal(event.lead, event.identifier);
      return graph;
  }
}
