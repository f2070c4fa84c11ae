import type { TopicName } from '@rapport/events';
import type { TopicPartition } from '../port/event-log.js';
import type { Liveness } from './liveness.js';
import type { LmdbStore } from './lmdb-store.js';

interface MemberRow {
  readonly process: string;
  readonly topics: readonly TopicName[];
}

export interface GroupMemberParts {
  readonly store: LmdbStore;
  readonly liveness: Liveness;
  readonly group: string;
  readonly memberId: string;
  readonly topics: readonly TopicName[];
}

/**
 * One member of a consumer group. Each partition of a group has a lease in the log's own tables, so two live members
 * never work on one partition: a member gives a lease back when its handler is done, and another takes it then.
 */
export class GroupMember {
  readonly #parts: GroupMemberParts;

  constructor(parts: GroupMemberParts) {
    this.#parts = parts;
  }

  /** Grows whenever a member or a lease of the group changes. */
  version(): number {
    return (this.#groups.get(['version', this.#parts.group]) as number | undefined) ?? 0;
  }

  join(): Promise<void> {
    return this.#parts.store.write(() => {
      for (const [id, row] of this.#members()) {
        if (!this.#isLive(row)) this.#groups.removeSync(['member', this.#parts.group, id]);
      }
      this.#putMember();
      this.#changed();
    });
  }

  /** `held`: partitions whose lease this member has. `share`: those it should have, given who is alive now. */
  view(): { readonly held: readonly TopicPartition[]; readonly share: readonly TopicPartition[] } {
    const { store, topics, memberId } = this.#parts;
    const live = [...this.#members()]
      .filter(([id, row]) => id === memberId || this.#isLive(row))
      .sort(([left], [right]) => (left < right ? -1 : 1));
    const held: TopicPartition[] = [];
    const share: TopicPartition[] = [];
    for (const topic of topics) {
      const readers = live.filter(([id, row]) => id === memberId || row.topics.includes(topic));
      for (const { partition } of store.bounds(topic)) {
        if (this.#groups.get(this.#leaseKey({ topic, partition })) === memberId) held.push({ topic, partition });
        const reader = readers[partition % readers.length];
        if (reader === undefined || reader[0] === memberId) share.push({ topic, partition });
      }
    }
    return { held, share };
  }

  /** Takes those of the partitions that are free or held by the dead; answers which. */
  async claim(partitions: readonly TopicPartition[]): Promise<TopicPartition[]> {
    this.#parts.store.refresh();
    if (!partitions.some((partition) => this.#mayTake(partition))) return [];
    return this.#parts.store.write(() => {
      // Others may have taken this member for dead while its process was stopped.
      if (this.#groups.get(this.#memberKey(this.#parts.memberId)) === undefined) this.#putMember();
      const taken = partitions.filter((partition) => this.#mayTake(partition));
      for (const partition of taken) this.#groups.putSync(this.#leaseKey(partition), this.#parts.memberId);
      if (taken.length > 0) this.#changed();
      return taken;
    });
  }

  release(partitions: readonly TopicPartition[]): Promise<void> {
    return this.#parts.store.write(() => {
      for (const partition of partitions) {
        if (this.#groups.get(this.#leaseKey(partition)) === this.#parts.memberId) {
          this.#groups.removeSync(this.#leaseKey(partition));
        }
      }
      this.#changed();
    });
  }

  leave(): Promise<void> {
    return this.#parts.store.write(() => {
      this.#groups.removeSync(this.#memberKey(this.#parts.memberId));
      this.#changed();
    });
  }

  get #groups() {
    return this.#parts.store.groups;
  }

  #isLive(row: MemberRow): boolean {
    return this.#parts.liveness.isLive(row.process);
  }

  #members(): Map<string, MemberRow> {
    const rows = new Map<string, MemberRow>();
    const { group } = this.#parts;
    for (const { key, value } of this.#groups.getRange({
      start: ['member', group],
      end: ['member', group, '\uffff'],
    })) {
      rows.set(String(key[2]), value as MemberRow);
    }
    return rows;
  }

  #putMember(): void {
    const { liveness, topics, memberId } = this.#parts;
    this.#groups.putSync(this.#memberKey(memberId), { process: liveness.processKey, topics } satisfies MemberRow);
  }

  #mayTake(partition: TopicPartition): boolean {
    const holder = this.#groups.get(this.#leaseKey(partition)) as string | undefined;
    if (holder === undefined || holder === this.#parts.memberId) return true;
    const row = this.#groups.get(this.#memberKey(holder)) as MemberRow | undefined;
    return row === undefined || !this.#isLive(row);
  }

  #changed(): void {
    this.#groups.putSync(['version', this.#parts.group], this.version() + 1);
  }

  #memberKey(memberId: string): string[] {
    return ['member', this.#parts.group, memberId];
  }

  #leaseKey({ topic, partition }: TopicPartition): (string | number)[] {
    return ['lease', this.#parts.group, topic, partition];
  }
}
