import { Temporal } from 'temporal-polyfill';
import { type TimeUnit } from './mapping-document.js';

const milliseconds = { seconds: 1000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;

/** Months are calendar months (UTC), the last day of a short one where the day is missing; a day is 24 hours. */
export function shiftTime(time: Date, by: number, unit: TimeUnit): Date {
  if (unit !== 'months') return new Date(time.getTime() + by * milliseconds[unit]);
  const local = Temporal.Instant.fromEpochMilliseconds(time.getTime()).toZonedDateTimeISO('UTC');
  return new Date(local.add({ months: Math.trunc(by) }).epochMilliseconds);
}
