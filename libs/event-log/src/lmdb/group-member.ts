import type { TopicName } from '@rapport/events';
import type { TopicPartition } from '../port/event-log.js';
import type { LmdbStore } from './lmdb-store.js';
import type { Liveness } from './liveness.js';

interface MemberRow {
  readonly process: string;
  readonly topics: readonly TopicName[];
}

/** What a member of a consumer group has and should have. */
export interface GroupView {
  /** Partitions whose lease this member holds. */
  readonly held: readonly TopicPartition[];
  /** Partitions that are this member's share now. */
  readonly share: readonly TopicPartition[];
}

/**
 * One member of a consumer group. Each partition of a group has a lease in the log's own tables, so two live members never
 * work on one partition: a member gives a lease back when its handler is done, and another takes it then.
 */
export interface GroupMember {
  /** Grows whenever a member or a lease of the group changes. */
  version(): number;
  join(): Promise<void>;
  view(): GroupView;
  /** Takes those of the partitions that are free or held by the dead; answers which. */
  claim(partitions: readonly TopicPartition[]): Promise<TopicPartition[]>;
  release(partitions: readonly TopicPartition[]): Promise<void>;
  leave(): Promise<void>;
}

export function createGroupMember(parts: {
  readonly store: LmdbStore;
  readonly liveness: Liveness;
  readonly group: string;
  readonly memberId: string;
  readonly topics: readonly TopicName[];
}): GroupMember {
  const { store, liveness, group, memberId, topics } = parts;
  const { groups } = store;

  const isLive = (row: MemberRow) => liveness.isLive(row.process);
  const leaseKey = ({ topic, partition }: TopicPartition) => ['lease', group, topic, partition];
  const bumpVersion = () => groups.putSync(['version', group], ((groups.get(['version', group]) as number) ?? 0) + 1);

  function members(): Map<string, MemberRow> {
    const rows = new Map<string, MemberRow>();
    for (const { key, value } of groups.getRange({ start: ['member', group], end: ['member', group, '\uffff'] })) {
      rows.set(String(key[2]), value as MemberRow);
    }
    return rows;
  }

  function mayTake(partition: TopicPartition): boolean {
    const holder = groups.get(leaseKey(partition)) as string | undefined;
    if (holder === undefined || holder === memberId) return true;
    const row = groups.get(['member', group, holder]) as MemberRow | undefined;
    return row === undefined || !isLive(row);
  }

  function putMember(): void {
    groups.putSync(['member', group, memberId], { process: liveness.processKey, topics } satisfies MemberRow);
  }

  return {
    version: () => (groups.get(['version', group]) as number | undefined) ?? 0,
    join: () =>
      store.write(() => {
        for (const [id, row] of members()) if (!isLive(row)) groups.removeSync(['member', group, id]);
        putMember();
        bumpVersion();
      }),
    view() {
      const live = [...members()].filter(([id, row]) => id === memberId || isLive(row)).sort(byFirst);
      const held: TopicPartition[] = [];
      const share: TopicPartition[] = [];
      for (const topic of topics) {
        const readers = live.filter(([, row]) => row.topics.includes(topic));
        for (const { partition } of store.bounds(topic)) {
          if (groups.get(leaseKey({ topic, partition })) === memberId) held.push({ topic, partition });
          if (readers[partition % readers.length]?.[0] === memberId) share.push({ topic, partition });
        }
      }
      return { held, share };
    },
    claim: (partitions) =>
      store.write(() => {
        if (groups.get(['member', group, memberId]) === undefined) putMember();
        const taken = partitions.filter(mayTake);
        for (const partition of taken) groups.putSync(leaseKey(partition), memberId);
        if (taken.length > 0) bumpVersion();
        return taken;
      }),
    release: (partitions) =>
      store.write(() => {
        for (const partition of partitions) {
          if (groups.get(leaseKey(partition)) === memberId) groups.removeSync(leaseKey(partition));
        }
        bumpVersion();
      }),
    leave: () =>
      store.write(() => {
        groups.removeSync(['member', group, memberId]);
        bumpVersion();
      }),
  };
}

function byFirst(left: readonly [string, unknown], right: readonly [string, unknown]): number {
  return left[0] < right[0] ? -1 : 1;
}
