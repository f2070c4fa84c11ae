import type { QueryParams } from '@clickhouse/client';

/**
 * Values of `{name:Type}` in a question, as the client sends them. It escapes quotes, which is right within a text, but not around
 * the texts of an array: what is written as `['a','b']` goes out as it is.
 */
export function questionParameters(
  query: string,
  values: Readonly<Record<string, string>>,
): Required<Pick<QueryParams, 'query_params' | 'clickhouse_settings'>> {
  const isComposite = ([name]: readonly [string, string]) =>
    new RegExp(`\\{\\s*${name}\\s*:\\s*(?:Array|Map|Tuple)\\b`, 'i').test(query);
  const all = Object.entries(values);
  return {
    query_params: Object.fromEntries(all.filter((one) => !isComposite(one))),
    clickhouse_settings: Object.fromEntries(all.filter(isComposite).map(([name, value]) => [`param_${name}`, value])),
  };
}
