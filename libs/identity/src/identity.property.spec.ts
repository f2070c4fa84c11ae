import { identityOracle } from '@rapport/testing';
import fc from 'fast-check';
import {
  identifierOf,
  identityRules,
  linkKey,
  resolveObservations,
  toLogEvent,
  type GraphReader,
  type Identifier,
  type IdentityRecord,
  type Observation,
  type StoredIdentifier,
  type StoredLink,
} from './index.js';

// Small numbers, so that a dozen touchpoints run into every rule.
const rules = identityRules({
  identifiers: [
    { type: 'userId', limit: 1 },
    { type: 'email', limit: 2 },
    { type: 'anonymousId', limit: 2 },
    { type: 'device', limit: 2, joins: 'attach' },
  ],
  quarantine: { crowd_factor: 2, identifiers_per_profile: 6, entangled_identifiers: 9, declared_links: 2 },
});

/** The stores of one installation: what a writer of the graph keeps, and what a reader of its events believes. */
class Installation {
  readonly identifiers = new Map<string, StoredIdentifier>();
  readonly links = new Map<string, StoredLink>();
  private readonly people = new Map<string, readonly [sequence: number, profileId: string]>();
  private readonly told = new Map<string, string>();
  private sequence = 0;

  private readonly reader: GraphReader = {
    identifiers: (ids) => Promise.resolve(ids.flatMap((id) => this.identifiers.get(id) ?? [])),
    links: (pairs) => Promise.resolve(pairs.flatMap((pair) => this.links.get(linkKey(pair)) ?? [])),
    surroundings: (ids) => {
      const links = [...this.links.values()].filter(
        (link) => ids.includes(link.lowerId) || ids.includes(link.higherId),
      );
      const ends = new Set(links.flatMap(({ lowerId, higherId }) => [lowerId, higherId]));
      return Promise.resolve({ links, identifiers: [...ends].flatMap((id) => this.identifiers.get(id) ?? []) });
    },
  };

  async take(observations: readonly Observation[]): Promise<readonly IdentityRecord[]> {
    const { identifiers, links, events } = await resolveObservations(observations, this.reader, rules);
    for (const { stored: _, ...one } of identifiers) this.identifiers.set(one.identifier.id, one);
    for (const { stored: _, ...link } of links) this.links.set(linkKey(link), link);
    const records = events.map(({ event }) => toLogEvent(event, (this.sequence += 1), { id: 'm', timestamp: 0 }));
    for (const record of records) this.believe(record);
    return records;
  }

  /** The person a lone profile lives on in, by the events alone: the highest sequence that names it holds. */
  personOf(id: string): string {
    return this.people.get(id)?.[1] ?? id;
  }

  toldProfileOf({ id }: Identifier): string | undefined {
    return this.told.get(id);
  }

  private believe({ name, value }: IdentityRecord): void {
    if (name === 'identifier-linked') {
      this.told.set(identifierOf(value.workspaceId, value.identifierType, value.identifierHash).id, value.profileId);
    } else if (name !== 'link-refused') {
      const to = name === 'profiles-merged' ? value.survivorId : value.profileId;
      for (const id of value.profileIds) {
        if ((this.people.get(id)?.[0] ?? 0) < value.sequence) this.people.set(id, [value.sequence, to]);
      }
      if (name === 'profiles-split') return expect(value.profileIds).toContain(to);
      expect(value.profileIds).toContain(value.mergedId);
      for (const [id, profileId] of this.told) if (profileId === value.mergedId) this.told.set(id, to);
    }
  }
}

const identifierOfType = (type: string, most: number) =>
  fc.integer({ min: 0, max: most }).map((n) => identifierOf('shop', type, String(n)));
const user = identifierOfType('userId', 4);
const email = identifierOfType('email', 3);
const browser = identifierOfType('anonymousId', 4);
const device = identifierOfType('device', 2);
const anyone = fc.oneof(user, email, browser, device);
const time = fc.integer({ min: 1, max: 6 });

const sighting = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: user }, { weight: 2, arbitrary: browser }),
    fc.array(anyone, { maxLength: 2 }),
    time,
  )
  .map(([lead, others, timestamp]): Observation => ({
    kind: 'sighting',
    lead,
    others: others
      .filter(({ id, type }) => id !== lead.id && type !== 'userId')
      .map((identifier) => ({ identifier, strength: 'seen-together' })),
    timestamp,
  }));
const alias = fc
  .tuple(user, identifierOfType('userId', 5), time)
  .filter(([a, b]) => a.id !== b.id)
  .map(([lead, previous, timestamp]): Observation => ({
    kind: 'sighting',
    lead,
    others: [{ identifier: previous, strength: 'declared' }],
    timestamp,
  }));
const ruling = fc
  .tuple(fc.constantFrom('link' as const, 'split' as const), anyone, anyone, time, fc.nat({ max: 1_000_000 }))
  .filter(([, a, b]) => a.id !== b.id)
  .map(([kind, first, other, timestamp, position]): Observation => ({
    kind,
    first,
    others: [other],
    timestamp,
    position,
  }));
const observation = fc.oneof(
  { weight: 8, arbitrary: sighting },
  { weight: 2, arbitrary: alias },
  { weight: 1, arbitrary: ruling },
);

/** The same observations in another order, cut into batches that instances take in turn. */
const arrivals = fc
  .uniqueArray(observation, { minLength: 1, maxLength: 24, selector: (one) => JSON.stringify(one) })
  .chain((observations) =>
    fc.tuple(
      fc.constant(observations),
      fc.shuffledSubarray(observations, { minLength: observations.length, maxLength: observations.length }),
      fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 24 }),
    ),
  );

async function arrive(order: readonly Observation[], sizes: readonly number[]): Promise<Installation> {
  const installation = new Installation();
  for (let at = 0, batch = 0; at < order.length; batch += 1) {
    const size = sizes[batch % sizes.length]!;
    await installation.take(order.slice(at, at + size));
    at += size;
  }
  return installation;
}

const sorted = (entries: Iterable<readonly [string, string]>): string => JSON.stringify([...entries].sort());

describe('who is one person, against an oracle that sees all links at once', () => {
  it('comes out the same in any order and any batches, and so do the quarantined links', async () => {
    const reasons = new Set<string>();
    await fc.assert(
      fc.asyncProperty(arrivals, async ([observations, order, sizes]) => {
        const oracle = identityOracle(observations, rules);
        const { identifiers, links } = await arrive(order, sizes);
        const profiles = [...identifiers.values()].map((one) => [one.identifier.id, one.profileId] as const);
        expect(sorted(profiles)).toBe(sorted(oracle.profileOf));
        const refused = [...links.values()].flatMap((link) =>
          link.refusal ? [[linkKey(link), link.refusal] as const] : [],
        );
        expect(sorted(refused)).toBe(sorted(oracle.refusals));
        for (const reason of oracle.refusals.values()) reasons.add(reason);
      }),
      { numRuns: 10_000 },
    );
    const all = [
      'attach-only',
      'entangled',
      'kept-apart',
      'over-limit',
      'profile-too-large',
      'shared',
      'too-many-links',
    ];
    expect([...reasons].sort()).toEqual(all);
  });

  it('is what the events say: merges and splits for profiles that have touchpoints, links for identifiers', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async ([, order, sizes]) => {
        const installation = await arrive(order, sizes);
        for (const { identifier, leads, profileId } of installation.identifiers.values()) {
          const person = leads ? installation.personOf(identifier.id) : profileId;
          expect([person, installation.toldProfileOf(identifier)]).toEqual([profileId, profileId]);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('learns nothing from the same observations again', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async ([observations, order, sizes]) => {
        const installation = await arrive(order, sizes);
        expect(await installation.take(observations)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
