import type { JsonValue, OpenedTouchpoint } from '@rapport/events';
import { storableText } from './storable.js';

/** What a touchpoint says about what a person allows. */
export interface ConsentChange {
  readonly purpose: string;
  readonly channel: string;
  readonly status: 'granted' | 'withdrawn';
}

const emailChanges: Readonly<Record<string, 'granted' | 'withdrawn'>> = {
  Unsubscribed: 'withdrawn',
  'Email Unsubscribed': 'withdrawn',
  'Email Marked as Spam': 'withdrawn',
  'Email Subscribed': 'granted',
  'Email Resubscribed': 'granted',
};

/** Events that can change consent, by their clear name, so that others need not be opened. */
export const consentEvents: ReadonlySet<string> = new Set([
  'Consent Granted',
  'Consent Withdrawn',
  ...Object.keys(emailChanges),
]);

/**
 * The change a touchpoint declares. What it leaves open counts for `all`, where that restricts: a withdrawal without
 * purpose or channel withdraws everything, and a grant without purpose grants nothing.
 */
export function consentChangeOf({ type, event, content }: OpenedTouchpoint): ConsentChange | undefined {
  if (type !== 'track' || event === null || !content || !consentEvents.has(event)) return undefined;
  const emailStatus = emailChanges[event];
  if (emailStatus) return { purpose: 'marketing', channel: 'email', status: emailStatus };
  const purpose = nameOf(content.properties?.['purpose']);
  const channel = nameOf(content.properties?.['channel']) ?? 'all';
  if (event === 'Consent Withdrawn') return { purpose: purpose ?? 'all', channel, status: 'withdrawn' };
  return purpose === undefined ? undefined : { purpose, channel, status: 'granted' };
}

export function consentName({ purpose, channel }: ConsentChange): string {
  return `${purpose}/${channel}`;
}

function nameOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? storableText(value.trim().toLowerCase()) : undefined;
}
