/**
 * Text that PostgreSQL stores: NUL and lone surrogates become U+FFFD. The collector mends them too; this is the last line.
 * Whatever a state goes by (names, identifiers) is mended before it enters, so that it is found again once it was stored.
 */
export function storableText(text: string): string {
  return text.isWellFormed() && !text.includes('\0') ? text : text.toWellFormed().replaceAll('\0', '\ufffd');
}

/** JSON that `jsonb` takes, the same for the same value. Looks at the text first, because almost all of it is fine. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value);
  // A backslash before the escape makes it plain text; a false alarm costs time only.
  return /\\u0000|\\ud[89a-f]/.test(text) ? JSON.stringify(mended(value)) : text;
}

/** The JSON of each value on a line of its own, which JSON has none of; `undefined` and `null` are an empty line. */
export function storableLines(values: readonly unknown[]): string {
  return values.map((value) => (value === undefined || value === null ? '' : storableJson(value))).join('\n');
}

function mended(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(mended);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [storableText(name), mended(inner)]));
}
