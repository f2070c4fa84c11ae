import { type Sighting, type StoredIdentifier, type StoredLink } from '@rapport/identity';
import { movesKept, readMoves } from '@rapport/profile-db';
import { LRUCache } from 'lru-cache';
import type { PoolClient } from 'pg';

const maxIdentifiers = 300_000;
const maxIdentifiersAndLinks = 600_000;

interface IdentifierFacts {
  readonly firstSeenAt: number;
  readonly leads: boolean;
  profileId: string;
  /** Of one that leads: its links by the id of the other end. */
  readonly links: Map<string, LinkFacts> | undefined;
}

type LinkFacts = Pick<StoredLink, 'seen' | 'declared' | 'firstSeenAt'>;

/**
 * What a process remembers of the identity graph: committed facts only. Of what was seen, an old fact merely asks for a
 * second look, for sightings only add up. Who an identifier belongs to does change, so the moves since the last look are
 * read at the beginning of every batch, from whichever instance they came.
 */
export class IdentityCache {
  private readonly identifiers = new LRUCache<string, IdentifierFacts>({
    max: maxIdentifiers,
    maxSize: maxIdentifiersAndLinks,
  });
  private epoch: number | undefined;
  private sequence = 0;

  async catchUp(tx: PoolClient): Promise<void> {
    const { epoch, sequence = 0, moves } = await readMoves(tx, this.sequence);
    const isBehind = sequence - this.sequence > movesKept;
    if (epoch !== this.epoch || isBehind) this.clear();
    else for (const { identifierId, profileId } of moves) this.move(identifierId, profileId);
    this.epoch = epoch;
    this.sequence = Math.max(this.sequence, sequence);
  }

  profileOf(id: string): string | undefined {
    return this.identifiers.peek(id)?.profileId;
  }

  /** Whether a sighting would teach the graph nothing: it was seen before, no later than this time. */
  knows({ lead, others, timestamp }: Sighting): boolean {
    const facts = this.identifiers.get(lead.id);
    if (!facts?.leads || facts.firstSeenAt > timestamp) return false;
    for (const { identifier, strength } of others) {
      const link = facts.links?.get(identifier.id);
      if (!link || link.firstSeenAt > timestamp) return false;
      if (strength === 'declared' ? !link.declared : !link.seen) return false;
    }
    return true;
  }

  learn(identifiers: Iterable<StoredIdentifier>, links: Iterable<StoredLink>): void {
    for (const { identifier, firstSeenAt, leads, profileId } of identifiers) {
      const links = leads ? (this.identifiers.peek(identifier.id)?.links ?? new Map<string, LinkFacts>()) : undefined;
      this.keep(identifier.id, { firstSeenAt, leads, profileId, links });
    }
    for (const { lowerId, higherId, seen, declared, firstSeenAt } of links) {
      const link = { seen, declared, firstSeenAt };
      this.learnLink(lowerId, higherId, link);
      this.learnLink(higherId, lowerId, link);
    }
  }

  private learnLink(id: string, otherId: string, link: LinkFacts): void {
    const facts = this.identifiers.peek(id);
    if (!facts?.links) return;
    facts.links.set(otherId, link);
    this.keep(id, facts);
  }

  private keep(id: string, facts: IdentifierFacts): void {
    this.identifiers.set(id, facts, { size: 1 + (facts.links?.size ?? 0) });
  }

  private move(id: string, profileId: string): void {
    const facts = this.identifiers.peek(id);
    if (facts) facts.profileId = profileId;
  }

  private clear(): void {
    this.identifiers.clear();
    this.sequence = 0;
  }
}
