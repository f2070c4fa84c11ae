/** What the resolution of identities knows about one type of identifier. */
export interface IdentifierRule {
  readonly type: string;
  /**
   * True where one person has one value, so that two values seen on the same device are two people. Profiles that each
   * hold one are joined only by a declared link (an alias), never because they were seen together.
   */
  readonly exclusive: boolean;
}

export interface IdentityRules {
  /** Strongest first. The strongest identifier of a profile gives it its id. */
  readonly types: readonly IdentifierRule[];
  /** Values that many senders use for "nobody", lower case. They stay in the content and identify no one. */
  readonly blockedValues: ReadonlySet<string>;
}

export const rulesV1: IdentityRules = {
  types: [
    { type: 'userId', exclusive: true },
    { type: 'anonymousId', exclusive: false },
  ],
  blockedValues: new Set([
    'null',
    'undefined',
    'nil',
    'none',
    'nan',
    'n/a',
    'anonymous',
    'anon',
    'guest',
    'unknown',
    'true',
    'false',
    'test',
    'id',
    'user_id',
    'userid',
    'anonymousid',
    'distinct_id',
    'distinctid',
    'not_authenticated',
    '-1',
    '[object object]',
    '{}',
    '[]',
    '""',
    "''",
  ]),
};

/** True for a value that identifies nobody: blank, only zeros and dashes (also a nil UUID), or on the list. */
export function isBlocked(value: string, rules: IdentityRules): boolean {
  if (value.length > 36) return value.trim() === '';
  const text = value.trim().toLowerCase();
  return /^[0-]*$/.test(text) || rules.blockedValues.has(text);
}

export function ruleOf(type: string, rules: IdentityRules): IdentifierRule & { readonly rank: number } {
  const rank = rules.types.findIndex((rule) => rule.type === type);
  const rule = rules.types[rank];
  if (!rule) throw new RangeError(`The identity rules know no identifier type "${type}"; add it to their types.`);
  return { ...rule, rank };
}
