import type { TouchpointType } from '@rapport/events';
import type { IdentifierPlace, IdentifierRule, IdentityRules } from './rules.js';
import { declaredLinks } from './graph-parts.js';

/** The rules as they are written; `schemas/definitions/identity.schema.json` describes and checks them. */
export interface IdentityDocument {
  readonly default_country?: string;
  readonly identifiers: readonly IdentifierEntry[];
  readonly email?: {
    readonly local_part?: 'lower' | 'keep';
    readonly plus?: 'strip' | 'keep';
    readonly dotless_domains?: readonly string[];
  };
  readonly blocked?: readonly string[];
  readonly quarantine?: {
    readonly crowd_factor?: number;
    readonly identifiers_per_profile?: number;
    readonly entangled_identifiers?: number;
    readonly declared_links?: number;
  };
}

interface IdentifierEntry {
  readonly type: string;
  readonly limit: number;
  readonly joins?: 'merge' | 'attach';
  readonly normalise?: IdentifierRule['normalise'];
  readonly found_in?: readonly (string | PlaceEntry)[];
  readonly blocked?: readonly string[];
}

interface PlaceEntry {
  readonly path: string;
  readonly calls?: readonly TouchpointType[];
  readonly events?: readonly string[];
}

/** Something that a JSON Schema cannot say, and where in the document. */
export interface IdentityRulesFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const alwaysKnown = ['userId', 'anonymousId'];

export function identityFaults({ identifiers }: IdentityDocument): readonly IdentityRulesFault[] {
  const types = identifiers.map(({ type }) => type);
  const repeated = types.flatMap((type, index) =>
    types.indexOf(type) < index
      ? [{ path: ['identifiers', index, 'type'], message: `"${type}" is listed above already; keep one of the two` }]
      : [],
  );
  const missing = alwaysKnown
    .filter((type) => !types.includes(type))
    .map((type) => ({
      path: ['identifiers'],
      message: `"${type}" is missing; every touchpoint has one of ${alwaysKnown.join(', ')}`,
    }));
  const taken = types.flatMap((type, index) =>
    type === declaredLinks
      ? [{ path: ['identifiers', index, 'type'], message: `"${type}" is a word of the rules; take another` }]
      : [],
  );
  return [...repeated, ...missing, ...taken];
}

/** Expects a document without faults. */
export function identityRules(document: IdentityDocument): IdentityRules {
  const { identifiers, email = {}, blocked = [], quarantine = {} } = document;
  const types = identifiers.map(ruleFrom);
  return {
    types,
    byType: new Map(types.map((rule) => [rule.type, rule])),
    email: {
      localPart: email.local_part ?? 'lower',
      plus: email.plus ?? 'keep',
      dotlessDomains: new Set(email.dotless_domains?.map((domain) => domain.toLowerCase())),
    },
    defaultCountry: document.default_country,
    blocked: matcher(blocked),
    crowdFactor: quarantine.crowd_factor ?? 3,
    maxIdentifiersPerProfile: quarantine.identifiers_per_profile ?? 250,
    maxEntangled: quarantine.entangled_identifiers ?? 500,
    maxDeclaredLinks: quarantine.declared_links ?? 100,
  };
}

function ruleFrom(entry: IdentifierEntry, rank: number): IdentifierRule {
  const { type, limit, joins = 'merge', normalise = 'none', found_in: places = [], blocked = [] } = entry;
  return {
    type,
    rank,
    limit,
    attachOnly: joins === 'attach',
    normalise,
    places: places.map(placeFrom),
    blocked: matcher(blocked),
  };
}

function placeFrom(place: string | PlaceEntry): IdentifierPlace {
  const { path, calls, events } = typeof place === 'string' ? { path: place } : place;
  return { path: path.split('.'), calls, events };
}

/** Values with `*` for any characters; case and surrounding blanks do not count. */
function matcher(patterns: readonly string[]): (text: string) => boolean {
  const exact = new Set<string>();
  const open: string[] = [];
  for (const pattern of patterns.map((one) => one.trim().toLowerCase())) {
    if (pattern.includes('*')) open.push(pattern.split('*').map(escaped).join('.*'));
    else exact.add(pattern);
  }
  if (open.length === 0) return (text) => exact.has(text);
  const anyOfThem = new RegExp(`^(?:${open.join('|')})$`, 's');
  return (text) => exact.has(text) || anyOfThem.test(text);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
