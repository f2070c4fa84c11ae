import { basisOf, type ConsentPolicy, type Frequency } from './policy.js';
import { standingOf, unsettled } from './standing.js';
import type { ConsentStatement, PreferenceStatement } from './statement.js';

/** Why a person must not be written to. */
export type Refusal =
  'consent-withdrawn' | 'consent-denied' | 'consent-expired' | 'consent-missing' | 'paused' | 'frequency-cap';

export interface ContactMemory {
  readonly consents: readonly ConsentStatement[];
  readonly preferences: readonly PreferenceStatement[];
  /** Times at which messages for purposes that a person may refuse were sent, milliseconds. */
  readonly sentAt: readonly number[];
}

/**
 * Whether a message for `purpose` may go out on `channel` at `now`, or why not. What a contract or the law asks for is not
 * paused and not counted.
 */
export function refusalOf(
  policy: ConsentPolicy,
  { consents, preferences, sentAt }: ContactMemory,
  { purpose, channel }: { readonly purpose: string; readonly channel: string },
  now: number,
): Refusal | undefined {
  const { isAllowed, status } = standingOf(policy, consents, { purpose, channel }, now);
  if (!isAllowed) return status === 'unknown' || status === 'granted' ? 'consent-missing' : `consent-${status}`;
  if (!isPromotional(policy, purpose, channel)) return undefined;
  const until = pausedUntil(preferences);
  if (until !== null && now < until) return 'paused';
  const limit = frequencyOf(policy, preferences)?.limit ?? null;
  if (limit === null) return undefined;
  const recent = sentAt.filter((at) => at > now - limit.withinMs && at <= now);
  return recent.length >= limit.atMost ? 'frequency-cap' : undefined;
}

/** Whether a person may refuse it; only such messages count towards a frequency. */
export function isPromotional(policy: ConsentPolicy, purpose: string, channel: string): boolean {
  const basis = basisOf(policy, purpose, channel);
  return basis === 'consent' || basis === 'legitimate-interest';
}

/** The end of the pause a person asked for, milliseconds; of several the latest. */
export function pausedUntil(preferences: readonly PreferenceStatement[]): number | null {
  const ends = chosen(preferences, 'paused-until').map(({ value }) => Date.parse(value));
  return ends.length === 0 ? null : Math.max(...ends);
}

/** The frequency a person chose; of several the one that allows fewest messages a day. */
export function frequencyOf(policy: ConsentPolicy, preferences: readonly PreferenceStatement[]): Frequency | undefined {
  const ids = new Set(chosen(preferences, 'frequency').map(({ value }) => value));
  const frequencies = policy.frequencies.filter(({ id }) => ids.has(id));
  return frequencies.toSorted((a, b) => rateOf(a) - rateOf(b) || (a.id < b.id ? -1 : 1))[0];
}

function chosen(preferences: readonly PreferenceStatement[], name: PreferenceStatement['name']) {
  return unsettled(preferences.filter((preference) => preference.name === name)).filter(({ value }) => value !== '');
}

function rateOf({ limit }: Frequency): number {
  return limit === null ? Infinity : limit.atMost / limit.withinMs;
}
