import { Temporal } from 'temporal-polyfill';

/** From a time on, and before another: milliseconds since the epoch. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** Days of the calendar; `end` is the day after the last. */
export interface Days {
  readonly start: Temporal.PlainDate;
  readonly end: Temporal.PlainDate;
}

export const periodHelp =
  'write a month (2010-11), a quarter (2010-Q4), an ISO week (2010-W45), a year (2010), a day (2010-11-05), or two days (2010-11-01/2010-11-30)';

/** For a request that gives no text as its period. */
export const periodWanted = `period has to be given, once; ${periodHelp}`;

const forms: readonly (readonly [RegExp, (...parts: string[]) => Days])[] = [
  [/^(\d{4})$/, (year) => daysFrom(`${year}-01-01`, { years: 1 })],
  [/^(\d{4})-(\d{2})$/, (year, month) => daysFrom(`${year}-${month}-01`, { months: 1 })],
  [/^(\d{4})-?[Qq]([1-4])$/, (year, quarter) => quarterOf(Number(year), Number(quarter))],
  [/^(\d{4})-?[Ww](\d{2})$/, (year, week) => weekOf(Number(year), Number(week))],
  [/^(\d{4}-\d{2}-\d{2})$/, (day) => daysFrom(day ?? '', { days: 1 })],
  [
    /^(\d{4}-\d{2}-\d{2})\/(\d{4}-\d{2}-\d{2})$/,
    (first, last) => ({
      start: Temporal.PlainDate.from(first ?? ''),
      end: Temporal.PlainDate.from(last ?? '').add({ days: 1 }),
    }),
  ],
];

/** The days that a text names. Throws `RangeError` for a text that names none, saying how to write it. */
export function parseDays(text: string): Days {
  for (const [form, read] of forms) {
    const parts = form.exec(text)?.slice(1);
    if (parts === undefined) continue;
    try {
      const days = read(...parts);
      if (Temporal.PlainDate.compare(days.start, days.end) < 0) return days;
    } catch (cause) {
      throw new RangeError(`period: names no days of the calendar; ${periodHelp}`, { cause });
    }
  }
  throw new RangeError(`period: is none; ${periodHelp}`);
}

/** Those days in a time zone; a day of 23 or 25 hours is as long as it is. */
export function periodOf({ start, end }: Days, timeZone: string): Period {
  const midnight = (day: Temporal.PlainDate): number => day.toZonedDateTime(timeZone).epochMilliseconds;
  return { from: midnight(start), to: midnight(end) };
}

function daysFrom(first: string, length: Temporal.DurationLike): Days {
  const start = Temporal.PlainDate.from(first);
  return { start, end: start.add(length) };
}

function quarterOf(year: number, quarter: number): Days {
  const start = new Temporal.PlainDate(year, quarter * 3 - 2, 1);
  return { start, end: start.add({ months: 3 }) };
}

/** ISO 8601: week 1 holds the year's first Thursday, weeks begin on Monday. */
function weekOf(year: number, week: number): Days {
  const fourth = new Temporal.PlainDate(year, 1, 4);
  const start = fourth.subtract({ days: fourth.dayOfWeek - 1 }).add({ weeks: week - 1 });
  if (start.yearOfWeek !== year) throw new RangeError('no such week');
  return { start, end: start.add({ weeks: 1 }) };
}
