import type { JsonObject, OpenedTouchpoint } from '@rapport/events';
import { addCounts } from './bounded.js';
import type { Trait } from './profile-state.js';
import type { ProfileRules, TraitRule } from './rules/profile-rules.js';
import { compareStamps, stampOf } from './stamp.js';
import { storableText } from './storable.js';

type Traits = Readonly<Record<string, Trait>>;

const latestRule: TraitRule = { conflict: 'latest', rankOfSource: new Map() };
/** Values of one `most-frequent` trait that are told apart. */
const maxVotedValues = 20;

/** What a touchpoint says of traits. */
export function traitsSaid(rules: ProfileRules, touchpoint: OpenedTouchpoint, said: JsonObject): Traits {
  const at = stampOf(touchpoint);
  const source = touchpoint.sourceId;
  const isInferred = rules.inferredSources.has(source) || touchpoint.content?.context?.['inferred'] === true;
  return Object.fromEntries(
    Object.entries(said).map(([name, value]): [string, Trait] => {
      const key = storableText(name);
      const trait: Trait = { value, at, source, ...(isInferred ? { inferred: true } : {}) };
      if (rules.traits.get(key)?.conflict !== 'most-frequent') return [key, trait];
      return [key, value === null ? trait : { ...trait, votes: { [storableText(JSON.stringify(value))]: 1 } }];
    }),
  );
}

/** Per trait what its conflict rule makes of both. Commutative and associative; of disjoint touchpoints, as votes are added. */
export function joinTraits(rules: ProfileRules, a: Traits, b: Traits): Traits {
  const names = Object.keys(b);
  if (names.length === 0) return a;
  const joined = new Map(Object.entries(a));
  for (const name of names) {
    const [known, said] = [joined.get(name), b[name]];
    if (said !== undefined)
      joined.set(name, known === undefined ? said : joinTrait(rules.traits.get(name) ?? latestRule, known, said));
  }
  return Object.fromEntries(joined);
}

function joinTrait(rule: TraitRule, a: Trait, b: Trait): Trait {
  if (rule.conflict === 'most-frequent') return joinVotes(a, b);
  return isBetter(rule, a, b) ? a : b;
}

/** What was inferred never replaces what was said; then the rule decides, and between equals the later. */
function isBetter(rule: TraitRule, a: Trait, b: Trait): boolean {
  if (Boolean(a.inferred) !== Boolean(b.inferred)) return !a.inferred;
  const order = compareStamps(a.at, b.at);
  if (rule.conflict === 'first') {
    if ((a.value === null) !== (b.value === null)) return a.value !== null;
    return order <= 0;
  }
  if (rule.conflict === 'source-priority') {
    const rank = rankOf(rule, a) - rankOf(rule, b);
    if (rank !== 0) return rank < 0;
  }
  return order >= 0;
}

function rankOf({ rankOfSource }: TraitRule, { source }: Trait): number {
  return rankOfSource.get(source) ?? rankOfSource.size;
}

/** The value said most often, with where and when something was last said; of two said as often the first by its text. */
function joinVotes(a: Trait, b: Trait): Trait {
  if (Boolean(a.inferred) !== Boolean(b.inferred)) return a.inferred ? b : a;
  const votes = addCounts(a.votes ?? {}, b.votes ?? {}, maxVotedValues);
  const [most] = Object.entries(votes).sort(([x, m], [y, n]) => n - m || (x < y ? -1 : 1));
  const { at, source } = compareStamps(a.at, b.at) >= 0 ? a : b;
  const value = most === undefined ? null : (JSON.parse(most[0]) as Trait['value']);
  return { value, at, source, ...(a.inferred ? { inferred: true } : {}), ...(most === undefined ? {} : { votes }) };
}
