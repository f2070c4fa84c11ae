import { identifiersIn, type PlainIdentifier, type TouchpointContent, type TouchpointType } from '@rapport/events';
import { identifiersOf, usableValue } from './identifiers.js';
import { isKnownType, ruleOf, type IdentityRules } from './rules.js';

/** The forms of an identifier: as it was sent and, where that differs, as the rules compare it (a phone number in E.164). */
export function formsOf(identifier: PlainIdentifier, rules: IdentityRules): readonly PlainIdentifier[] {
  const { type, value } = identifier;
  const usable = isKnownType(type, rules) ? usableValue(value, ruleOf(type, rules), rules) : undefined;
  return usable === undefined || usable === value ? [identifier] : [identifier, { type, value: usable }];
}

/**
 * Every identifier of a person in a touchpoint, in all its forms: what the rules find, and ids, addresses and numbers in
 * other places of it too. A device is left out: it can be a family's.
 */
export function plainIdentifiersIn(
  touchpoint: { readonly type: TouchpointType; readonly event: string | null },
  content: TouchpointContent,
  rules: IdentityRules,
): readonly PlainIdentifier[] {
  const found = new Map<string, PlainIdentifier>();
  const add = ({ type, value }: PlainIdentifier): void => void found.set(`${type}\n${value}`, { type, value });
  for (const identifier of identifiersIn(content)) formsOf(identifier, rules).forEach(add);
  for (const identifier of identifiersOf(touchpoint, content, rules)) {
    if (!ruleOf(identifier.type, rules).attachOnly) add(identifier);
  }
  return [...found.values()];
}
