import type { DeliveryContent, OpenedTouchpoint, ProfileTouchpoint, TouchpointContent } from '@rapport/events';
import type { SubjectVault } from '@rapport/event-log';

/**
 * How to reach a person: the newest touchpoint that told it, kept as sealed as it stood on the log. It is opened for the
 * moment of a decision only, and opens no more once the subject was erased.
 */
export interface Contact {
  readonly subjectId: string;
  readonly keyId: string;
  readonly messageId: string;
  readonly timestamp: number;
  readonly receivedAt: number;
  /** Base64. */
  readonly content: string;
}

const longestAddress = 254;

export function contactFrom(sealed: ProfileTouchpoint, opened: OpenedTouchpoint): Contact | undefined {
  if (opened.content === undefined || deliveryContentFrom(opened.content) === undefined) return undefined;
  const { subjectId, keyId, messageId, timestamp, receivedAt, content } = sealed;
  return { subjectId, keyId, messageId, timestamp, receivedAt, content: Buffer.from(content).toString('base64') };
}

/** Of two contacts the one of the newer event time; ties in a fixed order, so that every replay agrees. */
export function newestContact(a: Contact | undefined, b: Contact | undefined): Contact | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const age = a.timestamp - b.timestamp || a.receivedAt - b.receivedAt || (a.messageId < b.messageId ? -1 : 1);
  return age >= 0 ? a : b;
}

export async function openContact(
  vault: SubjectVault,
  workspaceId: string,
  { subjectId, keyId, messageId, content }: Contact,
): Promise<DeliveryContent | 'erased'> {
  const bytes = Buffer.from(content, 'base64');
  const [opened] = await vault.openContent([{ workspaceId, subjectId, keyId, boundTo: messageId, bytes }]);
  return (opened && deliveryContentFrom(opened)) ?? 'erased';
}

/** Address and variables that an `identify` tells; `undefined` without an address that looks like one. */
export function deliveryContentFrom({ traits }: TouchpointContent): DeliveryContent | undefined {
  const { email, firstName, first_name: snakeFirstName, name } = traits ?? {};
  if (typeof email !== 'string' || email.length > longestAddress || !/^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(email)) {
    return undefined;
  }
  const given = [firstName, snakeFirstName, typeof name === 'string' ? name.split(' ')[0] : undefined];
  const first = given.find((candidate) => typeof candidate === 'string' && candidate !== '');
  return { to: email, variables: typeof first === 'string' ? { first_name: first } : {} };
}
