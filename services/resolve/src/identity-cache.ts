import { refusalKey, type Identifier, type RootProfile } from '@rapport/identity';
import { LRUCache } from 'lru-cache';
import type { PoolClient } from 'pg';
import { mergesSince, newestMerge, type KnownIdentifier } from './identity.store.js';

const maxIdentifiers = 200_000;
const maxRefusals = 20_000;
const maxMerges = 200_000;

/**
 * What a process remembers of the identity graph. It holds committed facts only, and those do not go stale: an
 * identifier's link never changes, and where its profile was merged since, the merge is read at the beginning of every
 * batch, from whichever instance it came. Own changes are learned the same way, after they were committed.
 */
export class IdentityCache {
  private current: Promise<IdentityFacts> | undefined;

  /** The facts as of now, read through `tx` before it changed anything. */
  async facts(tx: PoolClient): Promise<IdentityFacts> {
    // Started by one batch and awaited by all: the sequence must be read before any identifier is.
    const facts = await (this.current ??= IdentityFacts.begin(tx).catch((error: unknown) => {
      this.current = undefined;
      throw error;
    }));
    await facts.catchUp(tx);
    // Forgetting merges is safe only together with the identifiers that were read before them; batches under way keep theirs.
    if (facts.isFull) this.current = undefined;
    return facts;
  }
}

export class IdentityFacts {
  private readonly identifiers = new LRUCache<string, RootProfile>({ max: maxIdentifiers });
  private readonly refusals = new LRUCache<string, true>({ max: maxRefusals });
  private readonly merges = new Map<string, RootProfile>();

  private constructor(private sequence: number) {}

  static async begin(tx: PoolClient): Promise<IdentityFacts> {
    return new IdentityFacts(await newestMerge(tx));
  }

  get isFull(): boolean {
    return this.merges.size > maxMerges;
  }

  async catchUp(tx: PoolClient): Promise<void> {
    for (const { mergedId, survivor, sequence } of await mergesSince(tx, this.sequence)) {
      this.merges.set(mergedId, survivor);
      this.sequence = Math.max(this.sequence, sequence);
    }
  }

  profileOf(identifier: Identifier): RootProfile | undefined {
    const profile = this.identifiers.get(identifier.key);
    return profile && this.rootOf(profile);
  }

  learn({ identifier, profile }: KnownIdentifier): RootProfile {
    this.identifiers.set(identifier.key, profile);
    return this.rootOf(profile);
  }

  get hasRefusals(): boolean {
    return this.refusals.size > 0;
  }

  isRefused(lead: Identifier, identifier: Identifier): boolean {
    return this.refusals.has(refusalKey(lead, identifier));
  }

  learnRefusal(lead: Identifier, identifier: Identifier): void {
    this.refusals.set(refusalKey(lead, identifier), true);
  }

  private rootOf(profile: RootProfile): RootProfile {
    let root = profile;
    for (let next = this.merges.get(root.profileId); next; next = this.merges.get(root.profileId)) root = next;
    return root;
  }
}
