import { linkKey, pairOf, type Sighting, type StoredIdentifier, type StoredLink } from '@rapport/identity';
import { movesKept, readMoves } from '@rapport/profile-db';
import { LRUCache } from 'lru-cache';
import type { PoolClient } from 'pg';

const maxIdentifiers = 300_000;
const maxLinks = 300_000;

interface IdentifierFacts {
  readonly firstSeenAt: number;
  readonly leads: boolean;
  readonly profileId: string;
}

type LinkFacts = Pick<StoredLink, 'seen' | 'declared' | 'firstSeenAt'>;

/**
 * What a process remembers of the identity graph: committed facts only. Of what was seen, an old fact merely asks for a
 * second look, for sightings only add up. Who an identifier belongs to does change, so the moves since the last look are
 * read at the beginning of every batch, from whichever instance they came.
 */
export class IdentityCache {
  private readonly identifiers = new LRUCache<string, IdentifierFacts>({ max: maxIdentifiers });
  private readonly links = new LRUCache<string, LinkFacts>({ max: maxLinks });
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
    return this.identifiers.get(id)?.profileId;
  }

  /** Whether a sighting would teach the graph nothing: it was seen before, no later than this time. */
  knows({ lead, others, timestamp }: Sighting): boolean {
    const facts = this.identifiers.get(lead.id);
    if (!facts?.leads || facts.firstSeenAt > timestamp) return false;
    for (const { identifier, strength } of others) {
      const link = this.links.get(linkKey(pairOf(lead, identifier)));
      if (!link || link.firstSeenAt > timestamp) return false;
      if (strength === 'declared' ? !link.declared : !link.seen) return false;
    }
    return true;
  }

  learn(identifiers: Iterable<StoredIdentifier>, links: Iterable<StoredLink>): void {
    for (const { identifier, firstSeenAt, leads, profileId } of identifiers) {
      this.identifiers.set(identifier.id, { firstSeenAt, leads, profileId });
    }
    for (const link of links) {
      const { seen, declared, firstSeenAt } = link;
      this.links.set(linkKey(link), { seen, declared, firstSeenAt });
    }
  }

  private move(id: string, profileId: string): void {
    const facts = this.identifiers.get(id);
    if (facts) this.identifiers.set(id, { ...facts, profileId });
  }

  private clear(): void {
    this.identifiers.clear();
    this.links.clear();
    this.sequence = 0;
  }
}
