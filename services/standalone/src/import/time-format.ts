import { parseTime } from '@rapport/events';
import { Temporal } from 'temporal-polyfill';

const tokens: Readonly<Record<string, string>> = {
  yyyy: '(?<year>\\d{4})',
  yy: '(?<shortYear>\\d{2})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  dd: '(?<day>\\d{2})',
  d: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{2})',
  H: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
  SSS: '(?<fraction>\\d{1,9})',
};
const tokenPattern = /yyyy|yy|MM|M|dd|d|HH|H|mm|ss|SSS|'[^']*'|./gs;

/**
 * Reads times written in one of `formats` (`yyyy yy MM M dd d HH H mm ss SSS`, other letters between single quotes) as
 * local time of `timeZone`. Without formats: ISO 8601 and epoch numbers; what names its own zone keeps it.
 * Gives `undefined` for what is no such time.
 */
export function timeReader(formats: readonly string[], timeZone: string): (text: string) => Date | undefined {
  const read = formats.length === 0 ? isoReader(timeZone) : formatReader(formats, timeZone);
  // Files repeat their times: a few days or hours on half a million lines.
  const known = new Map<string, Date | undefined>();
  return (text) => {
    if (known.has(text)) return known.get(text);
    const time = read(text);
    if (known.size < 100_000) known.set(text, time);
    return time;
  };
}

/** The letters of a format that mean nothing; empty for a sound one. */
export function unknownLetters(format: string): string {
  return (format.match(tokenPattern) ?? []).filter((part) => /^[A-Za-z]+$/.test(part) && !(part in tokens)).join('');
}

function formatReader(formats: readonly string[], timeZone: string): (text: string) => Date | undefined {
  const patterns = formats.map((format) => {
    const parts = format.match(tokenPattern) ?? [];
    return new RegExp(`^${parts.map((part) => tokens[part] ?? literal(part)).join('')}$`);
  });
  return (text) => {
    for (const pattern of patterns) {
      const groups = pattern.exec(text)?.groups;
      if (groups !== undefined) return fromParts(groups, timeZone);
    }
    return undefined;
  };
}

function literal(part: string): string {
  return part.replace(/^'([^']*)'$/, '$1').replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function fromParts(parts: Readonly<Record<string, string | undefined>>, timeZone: string): Date | undefined {
  const { year, shortYear, month = '1', day = '1', hour = '0', minute = '0', second = '0', fraction = '0' } = parts;
  try {
    const local = Temporal.PlainDateTime.from(
      {
        year: year === undefined ? 2000 + Number(shortYear ?? 0) : Number(year),
        month: Number(month),
        day: Number(day),
        hour: Number(hour),
        minute: Number(minute),
        second: Number(second),
        millisecond: Number(fraction.padEnd(3, '0').slice(0, 3)),
      },
      { overflow: 'reject' },
    );
    return inZone(local, timeZone);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function inZone(local: Temporal.PlainDateTime, timeZone: string): Date {
  return new Date(local.toZonedDateTime(timeZone).epochMilliseconds);
}

const namesItsZone = /(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)$/i;
const epoch = /^\d{9,13}(?:\.\d+)?$/;

function isoReader(timeZone: string): (text: string) => Date | undefined {
  return (text) => {
    // "2019-10-01 00:00:00 UTC" is what many databases print.
    const time = parseTime(text.replace(/ UTC$/, 'Z'));
    if (time === null || time === undefined) return undefined;
    const date = new Date(time);
    const local = text.includes(':') ? text : `${text} 00:00`;
    if (timeZone === 'UTC' || epoch.test(text) || namesItsZone.test(local)) return date;
    return inZone(Temporal.PlainDateTime.from(date.toISOString().slice(0, -1)), timeZone);
  };
}
