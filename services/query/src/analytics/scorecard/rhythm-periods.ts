import { Temporal } from 'temporal-polyfill';
import type { Days } from '../period.js';
import type { Rhythm } from './scorecard-definition.js';

/** The period of a rhythm that holds a day; weeks begin on Monday. */
export function periodAround(rhythm: Rhythm, day: Temporal.PlainDate): Days {
  if (rhythm === 'weekly') {
    const start = day.subtract({ days: day.dayOfWeek - 1 });
    return { start, end: start.add({ weeks: 1 }) };
  }
  const months = rhythm === 'monthly' ? 1 : 3;
  const start = new Temporal.PlainDate(day.year, day.month - ((day.month - 1) % months), 1);
  return { start, end: start.add({ months }) };
}

/** The last period of a rhythm that lies in these days as a whole; when none does, the one that holds the last day. */
export function lastPeriodIn(rhythm: Rhythm, days: Days): Days {
  const last = periodAround(rhythm, days.end.subtract({ days: 1 }));
  if (Temporal.PlainDate.compare(last.end, days.end) <= 0) return last;
  const before = periodAround(rhythm, last.start.subtract({ days: 1 }));
  return Temporal.PlainDate.compare(before.start, days.start) >= 0 ? before : last;
}

/** As people write it: 2010-W47, 2010-11, 2010-Q4. */
export function periodName(rhythm: Rhythm, { start }: Days): string {
  if (rhythm === 'weekly') return `${start.yearOfWeek}-W${String(start.weekOfYear).padStart(2, '0')}`;
  if (rhythm === 'monthly') return start.toPlainYearMonth().toString();
  return `${start.year}-Q${(start.month + 2) / 3}`;
}
