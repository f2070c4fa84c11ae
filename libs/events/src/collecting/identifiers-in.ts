import type { JsonObject, JsonValue, TouchpointContent } from '../touchpoint.js';

/** Every identifier of a person that a touchpoint carries in the clear: ids, email addresses, phone numbers. */
export function identifiersIn(
  content: TouchpointContent,
): readonly { readonly type: 'userId' | 'anonymousId' | 'email' | 'phone'; readonly value: string }[] {
  const { userId, anonymousId, previousId, traits, properties, context } = content;
  const found: { type: 'userId' | 'anonymousId' | 'email' | 'phone'; value: string }[] = [];
  const add = (type: (typeof found)[number]['type'], value: JsonValue | undefined): void => {
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
