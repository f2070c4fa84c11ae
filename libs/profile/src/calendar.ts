const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

/** Number of the calendar day in a time zone: days since 1970-01-01 there. */
export function dayOf(time: number, timeZone: string): number {
  return Math.floor((time + offsetOf(time, timeZone)) / dayMs);
}

/** Hour of the day in a time zone, 0 to 23. */
export function hourOf(time: number, timeZone: string): number {
  const local = time + offsetOf(time, timeZone);
  return Math.floor((((local % dayMs) + dayMs) % dayMs) / hourMs);
}

/** Whether this is a time zone that can be reckoned in. */
export function isTimeZone(timeZone: string): boolean {
  return timeZone === 'UTC' || formatOf(timeZone) !== undefined;
}

/** Local time minus UTC, milliseconds, to the minute. */
function offsetOf(time: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  const parts = formatOf(timeZone)?.formatToParts(time) ?? [];
  const field = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((part) => part.type === type)?.value);
  const local = Date.UTC(field('year'), field('month') - 1, field('day'), field('hour'), field('minute'));
  return Number.isNaN(local) ? 0 : local - Math.floor(time / minuteMs) * minuteMs;
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  if (formats.has(timeZone)) return formats.get(timeZone);
  // Names come from senders too: bounded, and one that is unknown is remembered as such.
  if (formats.size >= 1_000) formats.clear();
  const format = newFormat(timeZone);
  formats.set(timeZone, format);
  return format;
}

function newFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, ...fields, hourCycle: 'h23', calendar: 'iso8601' });
  } catch {
    return undefined;
  }
}
