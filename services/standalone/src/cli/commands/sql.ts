import { Command } from 'commander';
import { analystClient } from '../analyst-client.js';
import { CommandError } from '../command-error.js';
import { readEndpoints, unreachable, withEndpointOptions, type EndpointOptions } from '../endpoints.js';
import { type Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';

interface Answer {
  readonly meta: readonly { readonly name: string; readonly type: string }[];
  readonly data: readonly (readonly unknown[])[];
}

/** `rapport sql "SELECT ..."`: asks ClickHouse as an analyst, who can read and not write. */
export function sqlCommand(terminal: Terminal): Command {
  const command = new Command('sql')
    .description('ask the analytics tables in ClickHouse SQL')
    .argument('<question>', 'for example "SELECT * FROM ltv_by_cohort_monthly LIMIT 5"')
    .option('--json', 'print one JSON object a row');
  return withEndpointOptions(command).action(
    async (question: string, options: EndpointOptions & { readonly json?: boolean }) => {
      const { meta, data } = await ask(question, options);
      if (options.json) {
        const names = meta.map(({ name }) => name);
        for (const row of data) terminal.print(JSON.stringify(Object.fromEntries(names.map((n, i) => [n, row[i]]))));
      } else {
        terminal.print(
          textTable(
            meta.map(({ name, type }) => ({ title: name, align: isNumber(type) ? ('right' as const) : 'left' })),
            data.map((row) => row.map(cell)),
          ),
        );
        terminal.note(`${data.length} ${data.length === 1 ? 'row' : 'rows'}`);
      }
    },
  );
}

async function ask(question: string, options: EndpointOptions): Promise<Answer> {
  const endpoints = await readEndpoints(options);
  const client = analystClient(endpoints);
  try {
    const answer = await client.query({ query: `${question.replace(/[;\s]+$/, '')}\n`, format: 'JSONCompact' });
    const { meta = [], data } = await answer.json<unknown[]>();
    return { meta, data };
  } catch (error) {
    if (error instanceof Error && 'type' in error) {
      throw new CommandError(`ClickHouse refused the question: ${firstOf(error.message)}`, {
        hint: 'rapport sql "SHOW TABLES" lists what there is.',
        cause: error,
      });
    }
    throw unreachable(endpoints.clickhouse.url, error);
  } finally {
    await client.close();
  }
}

/** Without the dozens of words that could have stood there instead. */
function firstOf(message: string): string {
  return (message.split(/[\s.]+Expected one of/)[0] ?? message).trim();
}

function isNumber(type: string): boolean {
  return /^(Nullable\()?(U?Int|Float|Decimal)/.test(type);
}

function cell(value: unknown): string {
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
}
