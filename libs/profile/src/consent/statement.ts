import {
  touchpointNames,
  type ConsentStatus,
  type JsonObject,
  type JsonValue,
  type OpenedTouchpoint,
  type PreferenceName,
} from '@rapport/events';
import type { Stamp } from '../stamp.js';
import { storableText } from '../storable.js';

/** What one touchpoint says about what a person allows. Purpose and channel hold no slash. */
export interface ConsentChange {
  readonly purpose: string;
  readonly channel: string;
  readonly status: ConsentStatus;
  readonly lawfulBasis: string;
  /** Version of the text that was agreed to. */
  readonly textVersion: string | null;
  /** Milliseconds since the epoch; from then on it says nothing any more. */
  readonly expiresAt: number | null;
  /** Lone profiles whose earlier statements it overrides while they are the same person. */
  readonly settles: readonly string[];
}

/** A statement in the memory of a person. `loneProfileId` is whose it is, whatever is merged or split. */
export interface ConsentStatement extends ConsentChange {
  readonly loneProfileId: string;
  readonly at: Stamp;
}

export interface PreferenceChange {
  readonly name: PreferenceName;
  /** Empty: taken back. */
  readonly value: string;
  readonly settles: readonly string[];
}

export interface PreferenceStatement extends PreferenceChange {
  readonly loneProfileId: string;
  readonly at: Stamp;
}

const consentStatusOf: Readonly<Record<string, ConsentStatus>> = {
  [touchpointNames.consentGranted]: 'granted',
  [touchpointNames.consentDenied]: 'denied',
  [touchpointNames.consentWithdrawn]: 'withdrawn',
};

/** What is said about messages of one channel: about advertising there, unless it says otherwise. */
const messageConsents: Readonly<Record<string, Pick<ConsentChange, 'channel' | 'status'>>> = {
  [touchpointNames.unsubscribed]: { channel: 'email', status: 'withdrawn' },
  'Email Unsubscribed': { channel: 'email', status: 'withdrawn' },
  [touchpointNames.emailMarkedAsSpam]: { channel: 'email', status: 'withdrawn' },
  'Email Subscribed': { channel: 'email', status: 'granted' },
  'Email Resubscribed': { channel: 'email', status: 'granted' },
  [touchpointNames.smsUnsubscribed]: { channel: 'sms', status: 'withdrawn' },
};

/** Events that can change consent or preferences, by their clear name, so that others need not be opened. */
export const consentEvents: ReadonlySet<string> = new Set([
  ...Object.keys(consentStatusOf),
  ...Object.keys(messageConsents),
  touchpointNames.preferencesUpdated,
]);

/**
 * The change a touchpoint declares. What it leaves open counts for `all`, where that restricts: a withdrawal without
 * purpose or channel withdraws everything, and a grant without purpose grants nothing.
 */
export function consentChangeOf({ type, event, content }: OpenedTouchpoint): ConsentChange | undefined {
  if (type !== 'track' || event === null || !content || !consentEvents.has(event)) return undefined;
  const said = content.properties ?? {};
  const about = {
    lawfulBasis: nameOf(said['lawful_basis']) ?? 'consent',
    textVersion: textOf(said['text_version']),
    expiresAt: timeOf(said['expires_at']),
    settles: settledBy(said),
  };
  const message = messageConsents[event];
  if (message) {
    const purpose = nameOf(said['purpose']) ?? 'marketing';
    return { purpose, channel: nameOf(said['channel']) ?? message.channel, status: message.status, ...about };
  }
  const status = consentStatusOf[event];
  const purpose = nameOf(said['purpose']) ?? (status === 'granted' ? undefined : 'all');
  if (status === undefined || purpose === undefined) return undefined;
  return { purpose, channel: nameOf(said['channel']) ?? 'all', status, ...about };
}

/** What `Preferences Updated` says: `frequency`, and `paused_until` (ISO 8601); an empty text takes one back. */
export function preferenceChangesOf({ type, event, content }: OpenedTouchpoint): readonly PreferenceChange[] {
  if (type !== 'track' || event !== touchpointNames.preferencesUpdated || !content) return [];
  const said = content.properties ?? {};
  const settles = settledBy(said);
  const changes: PreferenceChange[] = [];
  const { frequency, paused_until: pausedUntil } = said;
  if (typeof frequency === 'string') changes.push({ name: 'frequency', value: nameOf(frequency) ?? '', settles });
  if (pausedUntil === '') changes.push({ name: 'paused-until', value: '', settles });
  const until = timeOf(pausedUntil);
  if (until !== null) changes.push({ name: 'paused-until', value: new Date(until).toISOString(), settles });
  return changes;
}

/** The same touchpoint, which also overrides what these lone profiles said before. */
export function settling(touchpoint: OpenedTouchpoint, loneProfileIds: readonly string[]): OpenedTouchpoint {
  const { content } = touchpoint;
  if (!content || loneProfileIds.length === 0) return touchpoint;
  const settles = [...new Set([...settledBy(content.properties ?? {}), ...loneProfileIds])].sort();
  return { ...touchpoint, content: { ...content, properties: { ...content.properties, settles } } };
}

/** The name of a statement in the memory of a person: of one name the latest counts. */
export function consentName(
  loneProfileId: string,
  { purpose, channel }: Pick<ConsentChange, 'purpose' | 'channel'>,
): string {
  return `${loneProfileId}/${purpose}/${channel}`;
}

export function preferenceName(loneProfileId: string, { name }: Pick<PreferenceChange, 'name'>): string {
  return `${loneProfileId}/${name}`;
}

const maxSettled = 100;

function settledBy(said: JsonObject): readonly string[] {
  const settles = said['settles'];
  if (!Array.isArray(settles)) return [];
  const ids = (settles as readonly JsonValue[]).filter((id): id is string => typeof id === 'string' && id.length <= 64);
  return [...new Set(ids.map(storableText))].sort().slice(0, maxSettled);
}

const maxName = 100;

function nameOf(value: JsonValue | undefined): string | undefined {
  const text = textOf(value);
  return text === null ? undefined : text.toLowerCase().replaceAll('/', '-');
}

function textOf(value: JsonValue | undefined): string | null {
  if (typeof value !== 'string') return null;
  const text = storableText(value.trim()).slice(0, maxName);
  return text === '' ? null : text;
}

/** What the analytics store can hold: from 1900 to the end of 2299. */
const earliest = Date.UTC(1900, 0, 1);
const latest = Date.UTC(2299, 11, 31);

function timeOf(value: JsonValue | undefined): number | null {
  const time = typeof value === 'string' && value !== '' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? null : Math.min(Math.max(time, earliest), latest);
}
