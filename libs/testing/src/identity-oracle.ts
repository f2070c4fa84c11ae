import { ruleOf, type Identifier, type IdentityRules, type Observation, type RefusalReason } from '@rapport/identity';

interface Edge {
  readonly ends: readonly [Identifier, Identifier];
  readonly key: string;
  seen: boolean;
  declared: boolean;
  at: number;
  decision?: { readonly kind: 'link' | 'split'; readonly position: number };
}

/**
 * What identity resolution promises, said as plainly as it can be: all observations at once, sets and relabelling, no
 * thought of speed. Slow and small on purpose; shares nothing with the resolver but the rules.
 */
export function identityOracle(observations: readonly Observation[], rules: IdentityRules) {
  const { identifiers, firstSeenAt, leads, edges } = gathered(observations);
  const rank = (one: Identifier): number => ruleOf(one.type, rules).rank;
  const refusals = new Map<string, RefusalReason>();
  const meaningless = crowding(edges, rules);
  for (const edge of edges) {
    const reason = meaningless(edge);
    if (reason !== undefined) refusals.set(edge.key, reason);
  }
  const admissible = edges.filter(({ key }) => !refusals.has(key));
  const pieces = new Partition(identifiers);
  for (const { ends } of admissible) pieces.join(ends[0], ends[1]);
  const people = new Partition(identifiers);
  const outright = new Partition(identifiers);
  const precedence = ({ ends: [a, b], at, declared, decision, key }: Edge): readonly (number | string)[] => [
    decision?.kind === 'link' ? 0 : declared ? 1 : 2,
    Math.min(rank(a), rank(b)),
    Math.max(rank(a), rank(b)),
    at,
    key,
  ];
  for (const edge of [...admissible].sort((x, y) => compare(precedence(x), precedence(y)))) {
    const [a, b] = edge.ends;
    const isMega = pieces.membersWith(a).length > rules.maxEntangled;
    const reason = isMega ? 'entangled' : broken(edge, { edges, people, outright, rules });
    if (reason !== undefined) {
      refusals.set(edge.key, reason);
      continue;
    }
    people.join(a, b);
    if (isOutright(edge)) outright.join(a, b);
  }
  const seniority = (one: Identifier) => [leads.has(one.id) ? 0 : 1, rank(one), firstSeenAt.get(one.id)!, one.id];
  const survivor = (one: Identifier): string =>
    [...people.membersWith(one)].sort((x, y) => compare(seniority(x), seniority(y)))[0]!.id;
  return { profileOf: new Map(identifiers.map((one) => [one.id, survivor(one)])), refusals };
}

/** Which links say nothing, by how many there are of a kind or by an operator's word. */
function crowding(edges: readonly Edge[], rules: IdentityRules) {
  const neighbours = (one: Identifier, type: string): number =>
    edges.filter(({ seen, ends }) => seen && holds(ends, one) && otherOf(ends, one).type === type).length;
  const declaredOf = (one: Identifier): number => edges.filter((edge) => edge.declared && holds(edge.ends, one)).length;
  const isOver = (one: Identifier, type: string): boolean =>
    neighbours(one, type) > ruleOf(type, rules).limit * rules.crowdFactor;
  const isShared = (one: Identifier): boolean =>
    rules.types.some(({ type, rank }) => rank <= ruleOf(one.type, rules).rank && isOver(one, type));
  return ({ ends: [a, b], seen, declared, decision }: Edge): RefusalReason | undefined => {
    if (decision) return decision.kind === 'link' ? undefined : 'kept-apart';
    if (isShared(a) || isShared(b)) return 'shared';
    const saysSeen = seen && !isOver(a, b.type) && !isOver(b, a.type);
    const saysDeclared = declared && [a, b].every((one) => declaredOf(one) <= rules.maxDeclaredLinks);
    return saysSeen || saysDeclared ? undefined : 'too-many-links';
  };
}

/** The rule that joining the ends of a link would break. */
function broken(
  edge: Edge,
  {
    edges,
    people,
    outright,
    rules,
  }: {
    readonly edges: readonly Edge[];
    readonly people: Partition;
    readonly outright: Partition;
    readonly rules: IdentityRules;
  },
): RefusalReason | undefined {
  const [a, b] = edge.ends;
  const [left, right] = [people.membersWith(a), people.membersWith(b)];
  if (left.some(({ id }) => id === b.id)) return undefined;
  const together = [...left, ...right];
  const isWithin = (one: Identifier): boolean => together.some(({ id }) => id === one.id);
  if (edges.some(({ ends, decision }) => decision?.kind === 'split' && ends.every(isWithin))) return 'kept-apart';
  if (together.length > rules.maxIdentifiersPerProfile) return 'profile-too-large';
  if (isOutright(edge)) return undefined;
  const attaches = (one: Identifier, members: readonly Identifier[]): boolean =>
    ruleOf(one.type, rules).attachOnly && members.length > 1;
  if (attaches(a, left) || attaches(b, right)) return 'attach-only';
  // Those joined outright are one and the same: they count once.
  const count = (type: string, members: readonly Identifier[]): number =>
    new Set(members.filter((one) => one.type === type).map((one) => outright.membersWith(one)[0]!.id)).size;
  const isOver = ({ type, limit }: { readonly type: string; readonly limit: number }): boolean =>
    count(type, left) > 0 && count(type, right) > 0 && count(type, together) > limit;
  return rules.types.some(isOver) ? 'over-limit' : undefined;
}

function isOutright({ declared, decision }: Edge): boolean {
  return declared || decision?.kind === 'link';
}

function holds(ends: readonly Identifier[], one: Identifier): boolean {
  return ends.some(({ id }) => id === one.id);
}

function gathered(observations: readonly Observation[]) {
  const identifiers = new Map<string, Identifier>();
  const firstSeenAt = new Map<string, number>();
  const leads = new Set<string>();
  const edges = new Map<string, Edge>();
  const see = (one: Identifier, at: number): void => {
    identifiers.set(one.id, one);
    firstSeenAt.set(one.id, Math.min(at, firstSeenAt.get(one.id) ?? Infinity));
  };
  for (const observation of observations) {
    const isSighting = observation.kind === 'sighting';
    const first = isSighting ? observation.lead : observation.first;
    see(first, observation.timestamp);
    if (isSighting) leads.add(first.id);
    const others = isSighting
      ? observation.others
      : observation.others.map((identifier) => ({ identifier, strength: undefined }));
    for (const { identifier, strength } of others) {
      see(identifier, observation.timestamp);
      const ends = [first, identifier].sort((a, b) => (a.id < b.id ? -1 : 1)) as [Identifier, Identifier];
      const key = `${ends[0].id}${ends[1].id}`;
      const edge = edges.get(key) ?? { ends, key, seen: false, declared: false, at: Infinity };
      edge.seen ||= strength === 'seen-together';
      edge.declared ||= strength === 'declared';
      edge.at = Math.min(edge.at, observation.timestamp);
      if (!isSighting && observation.position > (edge.decision?.position ?? -1)) {
        edge.decision = { kind: observation.kind, position: observation.position };
      }
      edges.set(key, edge);
    }
  }
  return { identifiers: [...identifiers.values()], firstSeenAt, leads, edges: [...edges.values()] };
}

/** Plain union-find by relabelling. */
class Partition {
  private readonly labels: Map<string, string>;

  constructor(private readonly all: readonly Identifier[]) {
    this.labels = new Map(all.map(({ id }) => [id, id]));
  }

  membersWith(one: Identifier): readonly Identifier[] {
    return this.all.filter(({ id }) => this.labels.get(id) === this.labels.get(one.id));
  }

  join(a: Identifier, b: Identifier): void {
    const [from, to] = [this.labels.get(a.id)!, this.labels.get(b.id)!];
    for (const [id, label] of this.labels) if (label === from) this.labels.set(id, to);
  }
}

function otherOf(ends: readonly [Identifier, Identifier], one: Identifier): Identifier {
  return ends[0].id === one.id ? ends[1] : ends[0];
}

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1;
  return 0;
}
