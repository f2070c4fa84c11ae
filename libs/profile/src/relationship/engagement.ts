import type { OpenedTouchpoint } from '@rapport/events';
import { hourOf, isTimeZone } from '../calendar.js';
import type { ProfileRules } from '../rules/profile-rules.js';
import type { Relationship } from './relationship.js';

/** Where and at what hour of their day a person let themselves be reached. */
export function engagementIn(
  { engagement, timeZoneOf }: ProfileRules,
  event: string,
  { workspaceId, timestamp, content }: OpenedTouchpoint,
): Relationship | undefined {
  const channel = engagement.get(event);
  if (channel === undefined) return undefined;
  const said = content?.context?.['timezone'];
  const timeZone = typeof said === 'string' && isTimeZone(said) ? said : timeZoneOf(workspaceId);
  return { hours: { [hourOf(timestamp, timeZone)]: 1 }, ...(channel === null ? {} : { channels: { [channel]: 1 } }) };
}

/** The name counted most; of several the first by name. `undefined` where nothing was counted. */
export function preferred(counts: Readonly<Record<string, number>> | undefined): string | undefined {
  const [first] = Object.entries(counts ?? {}).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return first?.[0];
}
