import type { TouchpointContent, TouchpointType } from '@rapport/events';
import { isBlocked, type IdentityRules } from './rules.js';

/**
 * How an identifier came with the one that leads its touchpoint:
 * - `seen-together`: the same call carried both
 * - `declared`: the sender said outright that both are one person (alias)
 */
export type LinkStrength = 'seen-together' | 'declared';

/** An identifier as it stands in a touchpoint's content. */
export interface NamedIdentifier {
  readonly type: string;
  readonly value: string;
  readonly strength: LinkStrength;
}

/**
 * Who a touchpoint is about, strongest first; the first leads, the others are to be linked with it. Empty where nothing
 * in it identifies anyone.
 *
 * An alias's `previousId` does not say what it is: it may be a user's former id or a device's. It is taken as both, so
 * that the outcome does not depend on which of the two is known when the alias arrives; a device stays under the rule
 * for devices.
 */
export function identifiersOf(
  type: TouchpointType,
  content: TouchpointContent,
  rules: IdentityRules,
): readonly NamedIdentifier[] {
  const found: NamedIdentifier[] = [];
  const { userId, anonymousId, previousId } = content;
  if (isUsable(userId, rules)) found.push({ type: 'userId', value: userId, strength: 'seen-together' });
  if (isUsable(anonymousId, rules)) found.push({ type: 'anonymousId', value: anonymousId, strength: 'seen-together' });
  const replaces = type === 'alias' && found[0]?.type === 'userId' && previousId !== found[0].value;
  if (replaces && isUsable(previousId, rules)) {
    found.push({ type: 'userId', value: previousId, strength: 'declared' });
    if (previousId !== anonymousId) found.push({ type: 'anonymousId', value: previousId, strength: 'seen-together' });
  }
  return found;
}

function isUsable(value: unknown, rules: IdentityRules): value is string {
  return typeof value === 'string' && !isBlocked(value, rules);
}
