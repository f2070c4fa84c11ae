import { readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import { root, type Analytics } from '../analytics/analytics.js';

export interface DescribedColumn {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
}

/** A table or view as the reference shows it. */
export interface Described {
  readonly name: string;
  readonly kind: 'table' | 'view';
  /** What one row is. */
  readonly grain: string;
  readonly parameters: readonly string[];
  readonly columns: readonly DescribedColumn[];
  readonly example: string;
  /** As text, the columns aligned. */
  readonly result: string;
}

interface Catalog {
  readonly columns: Readonly<Record<string, string>>;
  readonly views: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly examples: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, { readonly means: string; readonly example: string | number }>>;
}

export const catalog = parse(readFileSync(path.join(root, 'schemas/clickhouse/catalog.yml'), 'utf8')) as Catalog;

export const noRows = '(no rows)';

/** Written by the service for itself; nothing to ask. */
const internal = new Set(['migrations']);

/** Every table and view with its columns as the engine has them, and an example with its result on what is stored now. */
export async function describeAll(analytics: Analytics): Promise<readonly Described[]> {
  const tables = (await analytics.rows(
    `SELECT name, engine, comment, create_table_query FROM system.tables
     WHERE database = currentDatabase() AND engine != 'MaterializedView' ORDER BY engine != 'View', name`,
  )) as [string, string, string, string][];
  const described: Described[] = [];
  for (const [name, engine, grain, definition] of tables) {
    if (internal.has(name)) continue;
    const parameters = [...new Set([...definition.matchAll(/\{(\w+):/g)].map(([, parameter]) => parameter as string))];
    const from = parameters.length === 0 ? name : (calledIn(catalog.examples[name]) ?? callOf(name, parameters));
    const columns = await columnsOf(analytics, name, from);
    const example = catalog.examples[name] ?? plainExample(from, columns);
    const kind = engine === 'View' ? 'view' : 'table';
    described.push({ name, kind, grain, parameters, columns, example, result: await resultOf(analytics, example) });
  }
  return described;
}

/** The view as its example asks it. */
function calledIn(example: string | undefined): string | undefined {
  return example === undefined ? undefined : /\bFROM (\w+\([^)]*\))/.exec(example)?.[1];
}

function callOf(name: string, parameters: readonly string[]): string {
  return `${name}(${parameters.map(given).join(', ')})`;
}

function given(parameter: string): string {
  const example = catalog.parameters[parameter]?.example;
  if (example === undefined)
    throw new Error(`schemas/clickhouse/catalog.yml does not say what the parameter ${parameter} means.`);
  const isPlain = typeof example === 'number' || example.startsWith('[');
  return `${parameter} = ${isPlain ? example : `'${example}'`}`;
}

/** Views with parameters have no columns in ClickHouse: theirs are those of a question to them. */
async function columnsOf(analytics: Analytics, name: string, from: string): Promise<readonly DescribedColumn[]> {
  const rows =
    from === name
      ? await analytics.rows(
          `SELECT name, type, comment FROM system.columns WHERE database = currentDatabase() AND table = '${name}' ORDER BY position`,
        )
      : (await analytics.rows(`DESCRIBE TABLE (SELECT * FROM ${from})`)).map(([column, type]) => [
          column,
          type,
          catalog.views[name]?.[String(column)] ?? catalog.columns[String(column)] ?? '',
        ]);
  return (rows as [string, string, string][]).map(([column, type, comment]) => ({ name: column, type, comment }));
}

/** Its first columns that say something to people. */
function plainExample(from: string, columns: readonly DescribedColumn[]): string {
  const readable = columns.filter(
    ({ name, type }) => !/_key$|^workspace_id$/.test(name) && !/^(Aggregate|Simple|Tuple|UInt128)/.test(type),
  );
  const names = (readable.length === 0 ? columns : readable).slice(0, 5).map(({ name }) => name);
  return `SELECT ${names.join(', ')} FROM ${from} ORDER BY ALL LIMIT 3`;
}

async function resultOf(analytics: Analytics, query: string): Promise<string> {
  const answer = await analytics.clickhouse.client.exec({ query: `${query}\nFORMAT PrettySpaceNoEscapes` });
  const lines = (await text(answer.stream)).split('\n').filter((line) => line.trim() !== '');
  return lines.length === 0 ? noRows : lines.map((line) => line.trimEnd()).join('\n');
}
