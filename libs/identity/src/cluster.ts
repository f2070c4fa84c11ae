import { type StoredIdentifier, type StoredLink, linkKey } from './graph-parts.js';
import type { RefusalReason } from './identity-events.js';
import { ruleOf, type IdentityRules } from './rules.js';

export interface Clusters {
  /** By identifier id. */
  readonly profileOf: ReadonlyMap<string, string>;
  /** By `linkKey`; links that are not here join. */
  readonly refusals: ReadonlyMap<string, RefusalReason>;
}

interface Cluster {
  readonly ids: string[];
  readonly counts: Map<string, number>;
}

/**
 * Who is one person among identifiers that hang together. Kruskal's way: links in an order of their own (operator's,
 * declared, seen; then stronger types, then the oldest event time, then ids), each joining two clusters unless that breaks
 * a rule. The outcome depends on the set of identifiers and links alone. `apart` are pairs that no cluster may hold.
 */
export function clustersOf(
  identifiers: ReadonlyMap<string, StoredIdentifier>,
  links: readonly StoredLink[],
  apart: readonly StoredLink[],
  rules: IdentityRules,
): Clusters {
  const clusterOf = new Map<string, Cluster>();
  for (const [id, { identifier }] of identifiers) {
    clusterOf.set(id, { ids: [id], counts: new Map([[identifier.type, 1]]) });
  }
  const refusals = new Map<string, RefusalReason>();
  for (const link of [...links].sort(byPrecedence(identifiers, rules))) {
    const [a, b] = [clusterOf.get(link.lowerId)!, clusterOf.get(link.higherId)!];
    if (a === b) continue;
    const refusal = refusalOf(link, a, b, { identifiers, clusterOf, apart, rules });
    if (refusal !== undefined) refusals.set(linkKey(link), refusal);
    else join(a, b, clusterOf, isOutright(link));
  }
  return { profileOf: survivors(identifiers, clusterOf, rules), refusals };
}

/**
 * The one whose id the profile takes: the strongest type, the oldest, the smallest id; only where no member ever led a
 * touchpoint, one that did not. So others only ever hear of profiles that have touchpoints of their own.
 */
export function survivorOf(members: Iterable<StoredIdentifier>, rules: IdentityRules): string {
  return [...members].reduce((best, one) => (precedes(one, best, rules) < 0 ? one : best)).identifier.id;
}

/** An operator or the sender said so: more than a coincidence, and so beyond the limits of types. */
function isOutright({ declared, decision }: StoredLink): boolean {
  return declared || decision?.kind === 'link';
}

function byPrecedence(identifiers: ReadonlyMap<string, StoredIdentifier>, rules: IdentityRules) {
  const orders = new Map<StoredLink, readonly number[]>();
  const orderOf = (link: StoredLink): readonly number[] => {
    let order = orders.get(link);
    if (order === undefined) {
      const ranks = [link.lowerId, link.higherId].map((id) => ruleOf(identifiers.get(id)!.identifier.type, rules).rank);
      const said = link.decision?.kind === 'link' ? 0 : link.declared ? 1 : 2;
      order = [said, Math.min(...ranks), Math.max(...ranks), link.firstSeenAt];
      orders.set(link, order);
    }
    return order;
  };
  return (a: StoredLink, b: StoredLink): number => {
    const [left, right] = [orderOf(a), orderOf(b)];
    for (let i = 0; i < left.length; i += 1) if (left[i] !== right[i]) return left[i]! - right[i]!;
    return linkKey(a) < linkKey(b) ? -1 : 1;
  };
}

function refusalOf(
  link: StoredLink,
  a: Cluster,
  b: Cluster,
  context: {
    readonly identifiers: ReadonlyMap<string, StoredIdentifier>;
    readonly clusterOf: ReadonlyMap<string, Cluster>;
    readonly apart: readonly StoredLink[];
    readonly rules: IdentityRules;
  },
): RefusalReason | undefined {
  const { identifiers, clusterOf, apart, rules } = context;
  if (joinsKeptApart(a, b, apart, clusterOf)) return 'kept-apart';
  if (a.ids.length + b.ids.length > rules.maxIdentifiersPerProfile) return 'profile-too-large';
  if (isOutright(link)) return undefined;
  const wouldJoinTwo = (id: string, cluster: Cluster): boolean =>
    cluster.ids.length > 1 && ruleOf(identifiers.get(id)!.identifier.type, rules).attachOnly;
  if (wouldJoinTwo(link.lowerId, a) || wouldJoinTwo(link.higherId, b)) return 'attach-only';
  for (const [type, count] of a.counts) {
    const other = b.counts.get(type);
    if (other !== undefined && count + other > ruleOf(type, rules).limit) return 'over-limit';
  }
  return undefined;
}

function joinsKeptApart(
  a: Cluster,
  b: Cluster,
  apart: readonly StoredLink[],
  clusterOf: ReadonlyMap<string, Cluster>,
): boolean {
  return apart.some(({ lowerId, higherId }) => {
    const [one, other] = [clusterOf.get(lowerId), clusterOf.get(higherId)];
    return (one === a && other === b) || (one === b && other === a);
  });
}

/** Identifiers joined outright are one to a type's limit: two userIds that an alias joins are the same user. */
function join(a: Cluster, b: Cluster, clusterOf: Map<string, Cluster>, outright: boolean): void {
  const [into, from] = a.ids.length >= b.ids.length ? [a, b] : [b, a];
  for (const id of from.ids) clusterOf.set(id, into);
  into.ids.push(...from.ids);
  for (const [type, count] of from.counts) {
    const known = into.counts.get(type) ?? 0;
    into.counts.set(type, outright ? Math.max(known, count) : known + count);
  }
}

function survivors(
  identifiers: ReadonlyMap<string, StoredIdentifier>,
  clusterOf: ReadonlyMap<string, Cluster>,
  rules: IdentityRules,
): ReadonlyMap<string, string> {
  const survivorIds = new Map<Cluster, string>();
  const profileOf = new Map<string, string>();
  for (const [id, cluster] of clusterOf) {
    let survivorId = survivorIds.get(cluster);
    if (survivorId === undefined) {
      survivorId = survivorOf(
        cluster.ids.map((one) => identifiers.get(one)!),
        rules,
      );
      survivorIds.set(cluster, survivorId);
    }
    profileOf.set(id, survivorId);
  }
  return profileOf;
}

function precedes(a: StoredIdentifier, b: StoredIdentifier, rules: IdentityRules): number {
  if (a.leads !== b.leads) return a.leads ? -1 : 1;
  const byRank = ruleOf(a.identifier.type, rules).rank - ruleOf(b.identifier.type, rules).rank;
  return byRank || a.firstSeenAt - b.firstSeenAt || (a.identifier.id < b.identifier.id ? -1 : 1);
}
