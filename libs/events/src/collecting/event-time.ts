import type { TouchpointFlag } from '../touchpoint.js';
import { collectLimits } from './limits.js';

export interface TimesOfMessage {
  /** The client's time of the event, as it stands in the message. */
  readonly timestamp: unknown;
  /** The client's clock when it sent the request. */
  readonly sentAt: unknown;
  /** The log's time. */
  readonly receivedAt: number;
  /** Imported history carries the times of a data set, which the sender's clock says nothing about. */
  readonly imported: boolean;
}

export interface EventTime {
  readonly timestamp: number;
  readonly originalTimestamp: number | null;
  readonly sentAt: number | null;
}

/**
 * The person's time of an event: `receivedAt - (sentAt - originalTimestamp)`, so that a clock that is wrong by the same
 * amount in both cancels out. Where the result cannot be, `receivedAt` stands in and a flag says why.
 */
export function eventTime(times: TimesOfMessage, flags: Set<TouchpointFlag>): EventTime {
  const { receivedAt } = times;
  const original = parseTime(times.timestamp);
  const sent = parseTime(times.sentAt);
  const originalTimestamp = original ?? null;
  const sentAt = sent ?? null;
  if (sent === null) flags.add('skew-ignored');
  if (originalTimestamp === null) {
    flags.add(original === undefined ? 'timestamp-missing' : 'timestamp-invalid');
    return { timestamp: receivedAt, originalTimestamp, sentAt };
  }
  const corrected = sentAt === null || times.imported ? originalTimestamp : receivedAt - (sentAt - originalTimestamp);
  const fault = impossibility(corrected, receivedAt);
  if (fault !== undefined) flags.add(fault);
  return { timestamp: fault === undefined ? corrected : receivedAt, originalTimestamp, sentAt };
}

function impossibility(timestamp: number, receivedAt: number): TouchpointFlag | undefined {
  if (timestamp > receivedAt + collectLimits.futureMs) return 'timestamp-future';
  return timestamp < collectLimits.earliestMs ? 'timestamp-ancient' : undefined;
}

/** Below this a number counts seconds: as milliseconds it would lie before March 1973, as seconds it reaches year 5138. */
const smallestMilliseconds = 100_000_000_000;
const isoTime =
  /^([+-]\d{6}|\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;
const zonedText = /\b(?:GMT|UTC)\b|[+-]\d{4}\b/;

/**
 * Milliseconds since the epoch; `undefined` where there is no time, `null` where it is no time.
 * Reads ISO 8601 leniently (no zone means UTC), RFC 2822 with a zone, and epoch numbers in seconds or milliseconds.
 */
export function parseTime(value: unknown): number | null | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'number') return fromEpoch(value);
  if (typeof value !== 'string') return null;
  if (value.length === 24 && value.endsWith('Z')) {
    const exact = Date.parse(value);
    if (!Number.isNaN(exact)) return exact;
  }
  return parseLeniently(value.trim());
}

function parseLeniently(text: string): number | null {
  if (/^\d{9,13}(?:\.\d+)?$/.test(text)) return fromEpoch(Number(text));
  const parts = isoTime.exec(text);
  if (parts !== null) return validTime(Date.parse(canonicalIso(parts)));
  return zonedText.test(text) ? validTime(Date.parse(text)) : null;
}

function canonicalIso(parts: RegExpExecArray): string {
  const [, year, month = '', day = '', hour = '0', minute = '00', second = '00', fraction = '', zone = 'Z'] = parts;
  const milliseconds = fraction.padEnd(3, '0').slice(0, 3);
  const offset = /^[+-]\d{2}$/.test(zone) ? `${zone}:00` : zone.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return `${date}T${hour.padStart(2, '0')}:${minute}:${second}.${milliseconds}${offset}`;
}

function fromEpoch(value: number): number | null {
  const milliseconds = Math.trunc(Math.abs(value) < smallestMilliseconds ? value * 1000 : value);
  return validTime(new Date(milliseconds).getTime());
}

function validTime(milliseconds: number): number | null {
  return Number.isNaN(milliseconds) ? null : milliseconds;
}
