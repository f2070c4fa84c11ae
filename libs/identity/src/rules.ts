import type { TouchpointType } from '@rapport/events';
import type { EmailRules } from './normalise.js';

/** Where a value of an identifier stands in a touchpoint. */
export interface IdentifierPlace {
  /** Keys from the content down, for example `['traits', 'email']`. */
  readonly path: readonly string[];
  /** Calls in which the place counts; absent: all of them. */
  readonly calls: readonly TouchpointType[] | undefined;
  /** Names of the `track` events in which the place counts; absent: all of them. */
  readonly events: readonly string[] | undefined;
}

/** What the resolution of identities knows about one type of identifier. */
export interface IdentifierRule {
  readonly type: string;
  /** 0 is the strongest. The strongest identifier of a profile gives it its id. */
  readonly rank: number;
  /** How many of this type one profile holds by being seen together. Declared links may bring more. */
  readonly limit: number;
  /** True where it may belong to a profile, and never joins two of them. */
  readonly attachOnly: boolean;
  readonly normalise: 'none' | 'lower-case' | 'email' | 'phone';
  readonly places: readonly IdentifierPlace[];
  /** True for values of this type alone that mean nobody. */
  readonly blocked: (text: string) => boolean;
}

export interface IdentityRules {
  /** Strongest first. */
  readonly types: readonly IdentifierRule[];
  readonly byType: ReadonlyMap<string, IdentifierRule>;
  readonly email: EmailRules;
  /** ISO 3166 code that phone numbers without a country code are read in. */
  readonly defaultCountry: string | undefined;
  /** True for a value, of whatever type, that identifies nobody. `text` is trimmed and in lower case. */
  readonly blocked: (text: string) => boolean;
  /** An identifier seen with more than this many times the limit of a type says nothing about that type any more. */
  readonly crowdFactor: number;
  /** Most identifiers that one profile holds, of all types. */
  readonly maxIdentifiersPerProfile: number;
  /** Most identifiers that hang together by links, refused ones included, and are still told apart. */
  readonly maxEntangled: number;
  /** Most declared links (aliases) of one identifier. */
  readonly maxDeclaredLinks: number;
}

/** Types of external ids are made up by senders: `external:crm` goes by the rule of `external`. */
export const externalType = 'external';

/** Throws `RangeError` for a type that the rules do not know. */
export function ruleOf(type: string, rules: IdentityRules): IdentifierRule {
  const rule = rules.byType.get(type) ?? (isExternal(type) ? rules.byType.get(externalType) : undefined);
  if (!rule) throw new RangeError(`The identity rules know no identifier type "${type}"; add it to their types.`);
  return rule;
}

export function isKnownType(type: string, rules: IdentityRules): boolean {
  return rules.byType.has(type) || (isExternal(type) && rules.byType.has(externalType));
}

/** True for a value that identifies nobody: blank, only zeros and dashes (also a nil UUID), or on a list of the rules. */
export function isBlocked(value: string, rule: IdentifierRule, rules: IdentityRules): boolean {
  const text = value.trim().toLowerCase();
  return /^[0-]*$/.test(text) || rules.blocked(text) || rule.blocked(text);
}

function isExternal(type: string): boolean {
  return type.startsWith(`${externalType}:`);
}
