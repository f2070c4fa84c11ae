const unitMs = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
} as const;

/** `<whole number> <second|minute|hour|day|week>[s]`, as definitions write it: `90 days`, `2 hours`. A day is 24 hours. */
export const durationPattern = /^(\d{1,6}) (second|minute|hour|day|week)s?$/;

/** Milliseconds of a duration as definitions write it. Throws `RangeError` for any other text. */
export function parseDuration(text: string): number {
  const [, amount, unit] = durationPattern.exec(text) ?? [];
  if (amount === undefined || unit === undefined) {
    throw new RangeError(
      `"${text}" is no duration; write a whole number and a unit, for example "90 days" or "2 hours"`,
    );
  }
  return Number(amount) * unitMs[unit as keyof typeof unitMs];
}
