import type { JsonValue } from '@rapport/events';
import { dayOf } from './calendar.js';
import type { ProfileState } from './profile-state.js';
import type { ProfileRules } from './rules/profile-rules.js';

export interface ImportantDate {
  readonly id: string;
  /** The date itself, `YYYY-MM-DD`; `--MM-DD` where the year is not known. */
  readonly date: string;
  /** Its next return, today included, `YYYY-MM-DD`. The 29th of February returns on the 28th in other years. */
  readonly next: string;
  readonly daysAway: number;
}

const dayMs = 86_400_000;

/** Birthdays and anniversaries, the next one first. `firstOrderAt`: milliseconds since the epoch. */
export function importantDates(
  { importantDates: wanted, timeZoneOf }: ProfileRules,
  { traits, firstSeenAt }: Pick<ProfileState, 'traits' | 'firstSeenAt'>,
  context: { readonly workspaceId: string; readonly now: number; readonly firstOrderAt: number | null },
): readonly ImportantDate[] {
  const timeZone = timeZoneOf(context.workspaceId);
  const today = dayOf(context.now, timeZone);
  const dayText = (time: number | null): string | undefined =>
    time === null ? undefined : isoDay(dayOf(time, timeZone));
  return wanted
    .flatMap((each): readonly ImportantDate[] => {
      const date =
        'trait' in each
          ? dateIn(traits[each.trait]?.value)
          : dayText(each.anniversary_of === 'first-order' ? context.firstOrderAt : firstSeenAt);
      if (date === undefined) return [];
      const next = nextReturn(date, today);
      return [{ id: each.id, date, next: isoDay(next), daysAway: next - today }];
    })
    .sort((a, b) => a.daysAway - b.daysAway || (a.id < b.id ? -1 : 1));
}

/** `1990-05-17`, `1990-05-17T...`, `--05-17` or `05-17`; `undefined` where it is no day of the calendar. */
function dateIn(value: JsonValue | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [, year, month, day] = /^(?:(\d{4})-|--)?(\d{2})-(\d{2})(?:T.*)?$/.exec(value.trim()) ?? [];
  // A leap year stands in where none is given.
  const date = new Date(`${year ?? '2000'}-${month}-${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day)) return undefined;
  return year === undefined ? `--${month}-${day}` : `${year}-${month}-${day}`;
}

function nextReturn(date: string, today: number): number {
  const [month = 1, day = 1] = date.slice(-5).split('-').map(Number);
  const year = new Date(today * dayMs).getUTCFullYear();
  const inYear = dayInYear(year, month, day);
  return inYear >= today ? inYear : dayInYear(year + 1, month, day);
}

function dayInYear(year: number, month: number, day: number): number {
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return Date.UTC(year, month - 1, Math.min(day, lastDay)) / dayMs;
}

function isoDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}
