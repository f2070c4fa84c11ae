import type { JsonObject, TouchpointContent, TouchpointType } from '@rapport/events';
import { normalise } from './normalise.js';
import {
  externalType,
  isBlocked,
  isKnownType,
  ruleOf,
  type IdentifierPlace,
  type IdentifierRule,
  type IdentityRules,
} from './rules.js';

/**
 * How an identifier came with the one that leads its touchpoint:
 * - `seen-together`: the same call carried both
 * - `declared`: the sender said outright that both are one person (alias)
 */
export type LinkStrength = 'seen-together' | 'declared';

/** An identifier as it stands in a touchpoint's content, normalised. */
export interface NamedIdentifier {
  readonly type: string;
  readonly value: string;
  readonly strength: LinkStrength;
}

/** A value as it was sent, not yet known to be usable. */
interface Found {
  readonly type: string;
  readonly value: unknown;
  readonly strength: LinkStrength;
}

const externalTypePattern = /^[\w.:-]{1,64}$/;
const maxExternalIds = 20;

/**
 * Who a touchpoint is about. The first leads, the others are to be linked with it: the userId, or else the anonymousId, or
 * else the strongest type there is. Empty where nothing in it identifies anyone.
 *
 * An alias's `previousId` does not say what it is: it may be a user's former id or a device's. It is taken as both, so
 * that the outcome does not depend on which of the two is known when the alias arrives; a device stays under the rule
 * for devices.
 */
export function identifiersOf(
  touchpoint: { readonly type: TouchpointType; readonly event: string | null },
  content: TouchpointContent,
  rules: IdentityRules,
): readonly NamedIdentifier[] {
  const named: NamedIdentifier[] = [];
  const add = ({ type, value, strength }: Found): void => {
    const usable = usableValue(value, ruleOf(type, rules), rules);
    if (usable === undefined || named.some((known) => known.type === type && known.value === usable)) return;
    named.push({ type, value: usable, strength });
  };
  add({ type: 'userId', value: content.userId, strength: 'seen-together' });
  add({ type: 'anonymousId', value: content.anonymousId, strength: 'seen-together' });
  const [lead] = named;
  if (touchpoint.type === 'alias' && lead?.type === 'userId' && content.previousId !== lead.value) {
    add({ type: 'userId', value: content.previousId, strength: 'declared' });
    add({ type: 'anonymousId', value: content.previousId, strength: 'seen-together' });
  }
  for (const rule of rules.types) {
    for (const place of rule.places) {
      const value = counts(place, touchpoint) ? valueAt(place.path, content) : undefined;
      if (value === undefined || value === null) continue;
      if (rule.type === externalType) externalIds(value, rules).forEach(add);
      else add({ type: rule.type, value, strength: 'seen-together' });
    }
  }
  return named;
}

/** The value as it is compared; `undefined` where it identifies nobody. */
export function usableValue(value: unknown, rule: IdentifierRule, rules: IdentityRules): string | undefined {
  const text = typeof value === 'number' && rule.normalise !== 'email' ? String(value) : value;
  if (typeof text !== 'string' || isBlocked(text, rule, rules)) return undefined;
  return normalise(text, rule, rules);
}

function counts(
  { calls, events }: IdentifierPlace,
  { type, event }: { type: TouchpointType; event: string | null },
): boolean {
  return (
    (calls === undefined || calls.includes(type)) &&
    (events === undefined || (event !== null && events.includes(event)))
  );
}

function valueAt(path: readonly string[], content: TouchpointContent): unknown {
  let at: unknown = content;
  for (const key of path) {
    if (!isObject(at)) return undefined;
    at = at[key];
  }
  return at;
}

/** Segment's form: `[{ id, type, collection, encoding }]`. Ids of accounts (`collection` other than users) are no people. */
function externalIds(value: unknown, rules: IdentityRules): readonly Found[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, maxExternalIds).flatMap((entry: unknown): Found[] => {
    if (!isObject(entry) || typeof entry['type'] !== 'string' || !externalTypePattern.test(entry['type'])) return [];
    if (entry['collection'] !== undefined && entry['collection'] !== 'users') return [];
    const own = entry['type'];
    const type = own !== externalType && rules.byType.has(own) ? own : `${externalType}:${own}`;
    return isKnownType(type, rules) ? [{ type, value: entry['id'], strength: 'seen-together' }] : [];
  });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
