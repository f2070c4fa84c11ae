import type { Identifier } from './identifier.js';
import type { RefusalReason } from './identity-events.js';
import { ruleOf, type IdentityRules } from './rules.js';

/** What is known of an identifier. All but `profileId` and `entangled` is a plain sum of what was seen. */
export interface StoredIdentifier {
  readonly identifier: Identifier;
  /** Earliest event time, milliseconds since the epoch. */
  readonly firstSeenAt: number;
  /** Whether it ever led a touchpoint: only then has its lone profile a state that follows it. */
  readonly leads: boolean;
  /** Identifiers it was seen together with, by their type; declared links under `declaredLinks`. */
  readonly linkCounts: Readonly<Record<string, number>>;
  /** Stands alone because it is part of a mega-cluster. */
  readonly entangled: boolean;
  readonly profileId: string;
}

/** Two identifiers that came together, or that an operator spoke of. */
export interface StoredLink {
  /** The smaller of the two ids. */
  readonly lowerId: string;
  readonly higherId: string;
  readonly seen: boolean;
  readonly declared: boolean;
  /** Earliest event time, milliseconds since the epoch. */
  readonly firstSeenAt: number;
  /** The newest decision of an operator about the two. */
  readonly decision: Decision | undefined;
  /** Why it does not join them; `undefined` for a link that does. */
  readonly refusal: RefusalReason | undefined;
}

export interface Decision {
  readonly kind: 'link' | 'split';
  /** Where it stands among the decisions of its workspace: the newest one of a pair holds. */
  readonly position: number;
}

/** Key of `linkCounts` for declared links. */
export const declaredLinks = 'declared';

/** Which link is meant. */
export interface LinkPair {
  readonly lowerId: string;
  readonly higherId: string;
  /** Type of the identifier with the higher id. */
  readonly higherType: string;
}

export function linkKey({ lowerId, higherId }: Pick<StoredLink, 'lowerId' | 'higherId'>): string {
  return `${lowerId}${higherId}`;
}

export function pairOf(a: Identifier, b: Identifier): LinkPair {
  return a.id < b.id
    ? { lowerId: a.id, higherId: b.id, higherType: b.type }
    : { lowerId: b.id, higherId: a.id, higherType: a.type };
}

/** Seen with more people than one person's identifier can be: it says nothing about anybody. */
export function isShared({ identifier, linkCounts }: StoredIdentifier, rules: IdentityRules): boolean {
  const { rank } = ruleOf(identifier.type, rules);
  return Object.entries(linkCounts).some(
    ([type, count]) => type !== declaredLinks && ruleOf(type, rules).rank <= rank && count > mostOf(type, rules),
  );
}

/** Types of which it was seen with more than anybody has. */
export function crowdedTypes({ linkCounts }: StoredIdentifier, rules: IdentityRules): readonly string[] {
  return Object.entries(linkCounts).flatMap(([type, count]) => (count > mostOf(type, rules) ? [type] : []));
}

function mostOf(type: string, rules: IdentityRules): number {
  return type === declaredLinks ? rules.maxDeclaredLinks : ruleOf(type, rules).limit * rules.crowdFactor;
}
