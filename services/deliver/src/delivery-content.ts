import type { DeliveryContent } from '@rapport/events';

/** Reads what stood sealed in a request; `undefined` where it is not a delivery's content. */
export function deliveryContentFrom(plaintext: Buffer): DeliveryContent | undefined {
  const value: unknown = parse(plaintext);
  if (typeof value !== 'object' || value === null || !('to' in value) || !('variables' in value)) return undefined;
  const { to, variables } = value;
  if (typeof to !== 'string' || typeof variables !== 'object' || variables === null) return undefined;
  const texts = Object.entries(variables).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return { to, variables: Object.fromEntries(texts) };
}

function parse(plaintext: Buffer): unknown {
  try {
    return JSON.parse(plaintext.toString('utf8'));
  } catch {
    return undefined;
  }
}
