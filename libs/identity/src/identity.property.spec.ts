import fc from 'fast-check';
import {
  identifierOf,
  IdentityGraph,
  loneProfile,
  resolveIdentifiers,
  rulesV1,
  type LinkableIdentifier,
} from './index.js';

type Touchpoint = readonly LinkableIdentifier[];

const letters = fc.integer({ min: 0, max: 4 }).map(String);
const user = letters.map((hash): LinkableIdentifier => identifier('userId', hash));
const device = letters.map((hash): LinkableIdentifier => identifier('anonymousId', hash));
const touchpoint: fc.Arbitrary<Touchpoint> = fc.oneof(
  user.map((one) => [one]),
  device.map((one) => [one]),
  fc.tuple(user, device),
  fc
    .tuple(user, letters)
    .map(([one, previous]) => [
      one,
      { ...identifier('userId', previous), strength: 'declared' as const },
      identifier('anonymousId', previous),
    ]),
);

function identifier(type: string, hash: string): LinkableIdentifier {
  return { ...identifierOf('shop', type, hash), strength: 'seen-together' };
}

const nameOf = ({ type, hash }: LinkableIdentifier) => `${type} ${hash}`;

/** Plain union-find by relabelling; what the resolution promises is stated in its terms. */
class Partition {
  private readonly label = new Map<string, string>();
  find(name: string): string {
    return this.label.get(name) ?? name;
  }
  union(a: string, b: string, members: readonly string[]): void {
    const [from, to] = [this.find(a), this.find(b)];
    for (const name of members) if (this.find(name) === from) this.label.set(name, to);
  }
}

interface Oracle {
  readonly identifiers: ReadonlyMap<string, LinkableIdentifier>;
  /** People by declared links alone. */
  readonly people: Partition;
  /** Which people ever came with a device. */
  readonly claimants: ReadonlyMap<string, ReadonlySet<string>>;
}

function oracleOf(touchpoints: readonly Touchpoint[]): Oracle {
  const identifiers = new Map(touchpoints.flat().map((one) => [nameOf(one), one]));
  const people = new Partition();
  for (const [lead, ...others] of touchpoints) {
    for (const other of others) {
      if (lead && other.strength === 'declared') people.union(nameOf(lead), nameOf(other), [...identifiers.keys()]);
    }
  }
  const claimants = new Map<string, Set<string>>();
  for (const [lead, ...others] of touchpoints) {
    for (const other of others.filter(({ type }) => type === 'anonymousId')) {
      const claims = claimants.get(nameOf(other)) ?? new Set();
      if (lead) claimants.set(nameOf(other), claims.add(people.find(nameOf(lead))));
    }
  }
  return { identifiers, people, claimants };
}

function resolved(touchpoints: readonly Touchpoint[]): IdentityGraph {
  const graph = new IdentityGraph();
  for (const one of touchpoints) resolveIdentifiers(graph, one, rulesV1);
  return graph;
}

const profileIn = (graph: IdentityGraph, name: string, { identifiers }: Oracle): string | undefined => {
  const one = identifiers.get(name);
  return one && graph.profileOf(one)?.profileId;
};

function survivorBySet(members: readonly LinkableIdentifier[]): string | undefined {
  const users = members.filter(({ type }) => type === 'userId');
  return (users.length > 0 ? users : members).map((one) => loneProfile(one).profileId).sort()[0];
}

describe('identities, against a union-find oracle', () => {
  it('join users by declared links alone, in any order of arrival', () => {
    fc.assert(
      fc.property(permuted(), ([touchpoints, shuffled]) => {
        const oracle = oracleOf(touchpoints);
        const graph = resolved(shuffled);
        const users = [...oracle.identifiers.keys()].filter((name) => name.startsWith('userId'));
        const byProfile = Map.groupBy(users, (name) => profileIn(graph, name, oracle));
        const byPerson = Map.groupBy(users, (name) => oracle.people.find(name));
        expect([...byProfile.values()]).toEqual([...byPerson.values()]);
      }),
      { numRuns: 10_000 },
    );
  });

  it('give a device that one person claims to that person, and a contested one to one of its claimants', () => {
    fc.assert(
      fc.property(permuted(), ([touchpoints, shuffled]) => {
        const oracle = oracleOf(touchpoints);
        const graph = resolved(shuffled);
        for (const name of [...oracle.identifiers.keys()].filter((one) => one.startsWith('anonymousId'))) {
          const owners = [...(oracle.claimants.get(name) ?? [name])].map((owner) => profileIn(graph, owner, oracle));
          expect(owners).toContain(profileIn(graph, name, oracle));
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('where no device is contested, end in the same profiles under the same ids in any order', () => {
    let checked = 0;
    fc.assert(
      fc.property(permuted(), ([touchpoints, shuffled]) => {
        const oracle = oracleOf(touchpoints);
        if ([...oracle.claimants.values()].some((owners) => owners.size > 1)) return;
        checked += 1;
        const graph = resolved(shuffled);
        const clusters = Map.groupBy(oracle.identifiers.keys(), (name) => {
          const [owner] = oracle.claimants.get(name) ?? [];
          return oracle.people.find(owner ?? name);
        });
        for (const names of clusters.values()) {
          const survivor = survivorBySet(names.flatMap((name) => oracle.identifiers.get(name) ?? []));
          expect(new Set(names.map((name) => profileIn(graph, name, oracle)))).toEqual(new Set([survivor]));
        }
      }),
      { numRuns: 4_000 },
    );
    expect(checked).toBeGreaterThan(500);
  });

  it('learn nothing from the same touchpoints again', () => {
    fc.assert(
      fc.property(fc.array(touchpoint, { maxLength: 12 }), (touchpoints) => {
        const graph = resolved(touchpoints);
        for (const one of touchpoints) {
          const again = resolveIdentifiers(graph, one, rulesV1);
          expect(again.events).toEqual([]);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

function permuted(): fc.Arbitrary<[readonly Touchpoint[], readonly Touchpoint[]]> {
  return fc
    .array(touchpoint, { minLength: 1, maxLength: 12 })
    .chain((touchpoints) =>
      fc.tuple(
        fc.constant(touchpoints),
        fc.shuffledSubarray(touchpoints, { minLength: touchpoints.length, maxLength: touchpoints.length }),
      ),
    );
}
