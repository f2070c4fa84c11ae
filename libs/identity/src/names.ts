import { identifiersIn, type TouchpointContent, type TouchpointType } from '@rapport/events';
import { identifiersOf, usableValue } from './identifiers.js';
import { isKnownType, ruleOf, type IdentityRules } from './rules.js';

/** What names a person in the clear. */
export interface Name {
  readonly type: string;
  readonly value: string;
}

/** The forms of a name: as it was sent and, where that differs, as the rules compare it (a phone number in E.164). */
export function formsOf(name: Name, rules: IdentityRules): readonly Name[] {
  const { type, value } = name;
  const usable = isKnownType(type, rules) ? usableValue(value, ruleOf(type, rules), rules) : undefined;
  return usable === undefined || usable === value ? [name] : [name, { type, value: usable }];
}

/**
 * Every name in a touchpoint, in all its forms: what the rules find, and ids, addresses and numbers in other places of it
 * too. A device is no name: it can be a family's.
 */
export function namesIn(
  touchpoint: { readonly type: TouchpointType; readonly event: string | null },
  content: TouchpointContent,
  rules: IdentityRules,
): readonly Name[] {
  const names = new Map<string, Name>();
  const add = ({ type, value }: Name): void => void names.set(`${type}\n${value}`, { type, value });
  for (const name of identifiersIn(content)) formsOf(name, rules).forEach(add);
  for (const name of identifiersOf(touchpoint, content, rules)) if (!ruleOf(name.type, rules).attachOnly) add(name);
  return [...names.values()];
}
