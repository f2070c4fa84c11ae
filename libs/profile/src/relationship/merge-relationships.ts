import { addCounts, newestById, newestStamps } from '../bounded.js';
import { mergeLifecycleFacts } from '../lifecycle/lifecycle-facts.js';
import { compareStamps, latest, latestByName } from '../stamp.js';
import { newestProducts } from './interests.js';
import { maxAccounts, maxInterests, maxTickets, type Acquisition, type Relationship } from './relationship.js';

const maxChannels = 20;
const hoursOfDay = 24;

type Merge<K extends keyof Relationship> = (
  a: NonNullable<Relationship[K]>,
  b: NonNullable<Relationship[K]>,
) => NonNullable<Relationship[K]>;

const merges: { readonly [K in keyof Required<Relationship>]: Merge<K> } = {
  facts: mergeLifecycleFacts,
  acquisition: earliest,
  tickets: (a, b) => newestById(a, b, maxTickets),
  feedback: (a, b) => latestByName(a, b),
  owner: latest,
  accounts: (a, b) => newestStamps(a, b, maxAccounts),
  asked: latestTimes,
  products: newestProducts,
  interests: (a, b) => addCounts(a, b, maxInterests),
  channels: (a, b) => addCounts(a, b, maxChannels),
  hours: (a, b) => addCounts(a, b, hoursOfDay),
};

/**
 * What several sets of touchpoints say together. Commutative and associative; the sets must be disjoint, because sums are
 * added.
 */
export function mergeRelationships(a: Relationship, ...others: readonly Relationship[]): Relationship {
  let joined: Partial<Record<keyof Relationship, unknown>> | undefined;
  for (const other of others) {
    for (const part of Object.keys(other) as (keyof Relationship)[]) {
      joined ??= { ...a };
      joined[part] = mergePart(part, joined[part], other[part]);
    }
  }
  return (joined as Relationship | undefined) ?? a;
}

function mergePart(part: keyof Relationship, known: unknown, added: unknown): unknown {
  if (known === undefined || known === null) return added;
  if (added === undefined) return known;
  return (merges[part] as (x: unknown, y: unknown) => unknown)(known, added);
}

function earliest(a: Acquisition, b: Acquisition): Acquisition {
  return compareStamps(a.at, b.at) <= 0 ? a : b;
}

function latestTimes(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const joined = new Map(Object.entries(a));
  for (const [name, at] of Object.entries(b)) joined.set(name, Math.max(joined.get(name) ?? at, at));
  return Object.fromEntries(joined);
}
