export interface ResultColumn {
  readonly name: string;
  readonly type: string;
}

export interface Result {
  readonly meta: readonly ResultColumn[];
  readonly data: readonly (readonly unknown[])[];
}

export function isNumber(type: string): boolean {
  return /^(LowCardinality\()?(Nullable\()?(U?Int|Float|Decimal|BFloat)/.test(type);
}

export function isTime(type: string): boolean {
  return /^(Nullable\()?Date/.test(type);
}

/** Milliseconds since the epoch of a date or time as ClickHouse writes it. */
export function timeOf(value: unknown): number {
  const text = String(value);
  return Date.parse(`${text.replace(' ', 'T')}${/\d{2}:\d{2}/.test(text) ? 'Z' : 'T00:00:00Z'}`);
}

/** As many digits as are worth their place. */
export function short(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en');
  return value.toLocaleString('en', { maximumSignificantDigits: 4 });
}
