import type { JsonObject, JsonValue, TouchpointContent } from '../touchpoint.js';

/** An identifier in the clear, as a touchpoint or an operator names it. */
export interface PlainIdentifier {
  readonly type: string;
  readonly value: string;
}

/** Every identifier of a person that a touchpoint carries in the clear: ids, email addresses, phone numbers. */
export function identifiersIn(content: TouchpointContent): readonly PlainIdentifier[] {
  const { userId, anonymousId, previousId, traits, properties, context } = content;
  const found: PlainIdentifier[] = [];
  const add = (type: string, value: JsonValue | undefined): void => {
    if (typeof value === 'string' && value.trim() !== '') found.push({ type, value });
  };
  add('userId', userId);
  add('userId', previousId);
  add('anonymousId', anonymousId);
  for (const carrier of [traits, properties, objectIn(context?.['traits'])]) {
    add('email', carrier?.['email']);
    add('phone', carrier?.['phone']);
  }
  return found;
}

function objectIn(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}
