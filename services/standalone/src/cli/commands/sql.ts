import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { type ClickHouseClient } from '@clickhouse/client';
import { Command, InvalidArgumentError, Option } from 'commander';
import { analystClient } from '../analyst-client.js';
import { CommandError } from '../command-error.js';
import { type Endpoints } from '../../supervisor/endpoints.js';
import { readEndpoints, unreachable, withEndpointOptions, type EndpointOptions } from '../endpoints.js';
import { readNamedFile, reasonOf } from '../files.js';
import { drawChart } from '../sql-result/draw-chart.js';
import { exportFormat, exportTo, exportToFile, isBinary } from '../sql-result/export-result.js';
import { drawHeatMap } from '../sql-result/heat-map.js';
import { questionParameters } from '../sql-result/question-parameters.js';
import { isNumber, type Result } from '../sql-result/result.js';
import { isEngineError, sqlFailure } from '../sql-result/sql-error.js';
import { type Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';

interface SqlOptions extends EndpointOptions {
  readonly workspace?: string;
  readonly param: Readonly<Record<string, string>>;
  readonly json?: boolean;
  readonly chart?: boolean;
  readonly heatMap?: boolean;
  readonly format?: string;
  readonly output?: string;
}

/** `rapport sql "SELECT ..."`: asks ClickHouse as an analyst, who can read and not write. */
export function sqlCommand(terminal: Terminal): Command {
  const command = new Command('sql')
    .description('ask the analytics tables in ClickHouse SQL')
    .argument(
      '<question>',
      'for example "SELECT * FROM ltv_by_cohort_monthly LIMIT 5"; a file that ends in .sql; or - to read it from the input',
    )
    .addOption(
      new Option('-p, --param <name=value>', 'value of {name:Type} in the question; may be repeated')
        .argParser(parameter)
        .default({}, 'none'),
    )
    .option('--workspace <id>', 'ask as the SQL user of this workspace, instead of the default one')
    .option('--chart', 'draw it: the first column is x, the others are lines (bars where x is no number and no time)')
    .addOption(
      new Option(
        '--heat-map',
        'draw it: the first column down, the second across, the third as text and colour',
      ).conflicts('chart'),
    )
    .option(
      '-o, --output <file>',
      'write the result to a file: .parquet, .csv, .tsv, .arrow, .jsonl, ...; or the chart or heat map: .svg',
    )
    .option(
      '--format <format>',
      'format of ClickHouse for --output, or to print: CSVWithNames, Parquet, ArrowStream, ...',
    )
    .option('--json', 'print one JSON object a row');
  return withEndpointOptions(command).action(async (question: string, options: SqlOptions) => {
    const query = await readQuestion(question);
    await withAnalyst(options, query, async (client) => {
      if (options.output?.endsWith('.svg')) await exportPicture(client, query, options.output, options, terminal);
      else if (options.output !== undefined || options.format !== undefined)
        await exportResult(client, query, options, terminal);
      else printResult(await ask(client, query, options.param), options, terminal);
    });
  });
}

function parameter(text: string, earlier: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Write it as name=value.');
  return { ...earlier, [name]: value };
}

async function readQuestion(question: string): Promise<string> {
  let query = question;
  if (question === '-') query = await text(process.stdin);
  else if (/^\S+\.sql$/.test(question)) {
    query = await readNamedFile(question, 'Name a file with one question, or write the question itself in quotes.');
  }
  const bare = query.replace(/[;\s]+$/, '');
  if (bare !== '') return bare;
  throw new CommandError('There is no question.', {
    hint: 'For example: rapport sql "SELECT * FROM cohort_retention_monthly LIMIT 5"',
  });
}

async function withAnalyst(
  options: SqlOptions,
  query: string,
  work: (client: ClickHouseClient) => Promise<void>,
): Promise<void> {
  const endpoints = await readEndpoints(options);
  const client = analystClient({ clickhouse: await userOf(endpoints.clickhouse, options.workspace) });
  try {
    if (options.workspace !== undefined) await refuseUnknown(client, options.workspace);
    await work(client);
  } catch (error) {
    if (isEngineError(error)) throw sqlFailure(error, query);
    if (isOfTheNetwork(error)) throw unreachable(endpoints.clickhouse.url, error);
    throw error;
  } finally {
    await client.close();
  }
}

function isOfTheNetwork(error: unknown): boolean {
  return /^E[A-Z]+$/.test((error as NodeJS.ErrnoException).code ?? '');
}

async function userOf(
  clickhouse: Endpoints['clickhouse'],
  workspace: string | undefined,
): Promise<Endpoints['clickhouse']> {
  if (workspace === undefined) return clickhouse;
  // Loaded only here: a question without it starts sooner.
  const { analystOf } = await import('@rapport/analytics-db');
  return { ...clickhouse, ...analystOf(clickhouse, workspace) };
}

/** Of a workspace that nobody declared every table would be empty. */
async function refuseUnknown(client: ClickHouseClient, workspace: string): Promise<void> {
  const query = 'SELECT count() AS declared FROM workspaces WHERE workspace_id = {workspace:String}';
  const { data } = await ask(client, query, { workspace });
  if (Number(data[0]?.[0]) > 0) return;
  throw new CommandError(`There is no workspace ${workspace}.`, {
    hint: 'A workspace is declared by a file in definitions/sources.',
  });
}

async function ask(client: ClickHouseClient, query: string, parameters: SqlOptions['param']): Promise<Result> {
  const answer = await client.query({
    query: `${query}\n`,
    ...questionParameters(query, parameters),
    format: 'JSONCompact',
  });
  const { meta = [], data } = await answer.json<unknown[]>().catch(tooLong);
  return { meta, data };
}

/** The engine counts what it answers in columns, where a value that repeats takes little room. As text it can be more than Node holds. */
function tooLong(error: unknown): never {
  if (!/maximum allowed size of a string/.test((error as Error).message)) throw error;
  throw new CommandError('The result is too large to print.', {
    hint: 'Ask for less, or write it as it comes: --output result.csv, or --format csv.',
    cause: error,
  });
}

async function exportResult(
  client: ClickHouseClient,
  query: string,
  options: SqlOptions,
  terminal: Terminal,
): Promise<void> {
  if (options.chart || options.heatMap) {
    throw new CommandError(`A picture cannot be written as ${options.output ?? options.format}.`, {
      hint: 'Name a file that ends in .svg, or leave --chart and --heat-map away.',
    });
  }
  const question = { query, parameters: options.param, format: exportFormat(options) };
  if (options.output === undefined) {
    if (isBinary(question.format) && process.stdout.isTTY) {
      throw new CommandError(`${question.format} is nothing for a screen.`, {
        hint: 'Name a file: --output result.parquet',
      });
    }
    await exportTo(process.stdout, client, question);
    return;
  }
  const file = path.resolve(options.output);
  await exportToFile(file, client, question).catch(cannotBeWritten(file));
  terminal.note(`${file} (${question.format})`);
}

async function exportPicture(
  client: ClickHouseClient,
  query: string,
  output: string,
  options: SqlOptions,
  terminal: Terminal,
): Promise<void> {
  // Drawing pictures is much to load, and few questions ask for one.
  const { chartSvg } = await import('../sql-result/chart-svg.js');
  const svg = await chartSvg(await ask(client, query, options.param), options.heatMap ? 'heat-map' : 'chart');
  const file = path.resolve(output);
  await writeFile(file, svg).catch(cannotBeWritten(file));
  terminal.note(`${file} (SVG)`);
}

function cannotBeWritten(file: string): (error: unknown) => never {
  return (error) => {
    if (!isFileError(error)) throw error;
    const hint = 'Name another file with --output.';
    throw new CommandError(`${file} cannot be written: ${reasonOf(error)}.`, { hint, cause: error });
  };
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  const { syscall, path: at } = error as { readonly syscall?: string; readonly path?: string };
  return syscall !== undefined && at !== undefined;
}

function printResult(result: Result, options: SqlOptions, terminal: Terminal): void {
  const { meta, data } = result;
  if (options.chart || options.heatMap) {
    const draw = options.heatMap ? drawHeatMap : drawChart;
    terminal.print(draw(result, { colours: terminal.colours, width: process.stdout.columns ?? 80 }));
  } else if (options.json) {
    for (const row of data)
      terminal.print(JSON.stringify(Object.fromEntries(meta.map(({ name }, i) => [name, row[i]]))));
  } else {
    terminal.print(
      textTable(
        meta.map(({ name, type }) => ({ title: name, align: isNumber(type) ? ('right' as const) : 'left' })),
        data.slice(0, mostLines).map((row) => row.map(cell)),
      ),
    );
    const rows = `${data.length} ${data.length === 1 ? 'row' : 'rows'}`;
    const rest = 'all of them come with --format csv, --json or --output FILE';
    terminal.note(data.length > mostLines ? `the first ${mostLines} of ${rows}; ${rest}` : rows);
  }
}

/** Nobody reads more of a table that was laid out for reading; what programs read is not cut. */
const mostLines = 10_000;

function cell(value: unknown): string {
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
}
