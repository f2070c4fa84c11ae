import path from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { insertSettings } from '@rapport/analytics-db';
import {
  DefinitionError,
  loadDefinitions,
  type Definition,
  type RapportConfig,
  type Workspace,
} from '@rapport/runtime';

/** A file under `deploy/definitions/money`, as `schemas/definitions/money.schema.json` lets it through. */
interface MoneyFile {
  readonly workspace: string;
  readonly exchange_rates?: readonly {
    readonly currency: string;
    readonly to: string;
    readonly from: string;
    readonly rate: number;
  }[];
  readonly acquisition_costs?: readonly {
    readonly source: string;
    readonly medium?: string;
    readonly campaign?: string;
    readonly from: string;
    readonly to: string;
    readonly amount: number;
    readonly currency: string;
  }[];
  readonly product_costs?: readonly {
    readonly product: string;
    readonly from: string;
    readonly cost: number;
    readonly currency: string;
  }[];
}

type Row = readonly string[];

const endOfTime = '2299-12-31';
const costColumns: [string, ...string[]] = [
  'workspace_id',
  ...[
    'kind',
    'valid_from',
    'valid_to',
    'source',
    'medium',
    'campaign',
    'product_id',
    'amount',
    'currency',
    'loaded_at',
  ],
];
const rateColumns: [string, ...string[]] = [
  'workspace_id',
  ...['currency', 'valid_from', 'to_currency', 'rate', 'loaded_at'],
];

/**
 * Puts the declared exchange rates and costs in the place of those that were declared before. Throws `DefinitionError`
 * where a file names a workspace that is not declared, or days that end before they begin.
 */
export async function storeMoney(
  clickhouse: ClickHouseClient,
  config: Pick<RapportConfig, 'definitionsDir' | 'schemasDir'>,
  workspaces: readonly Pick<Workspace, 'id'>[],
  now: number,
): Promise<void> {
  const files = await loadDefinitions<MoneyFile>({
    folder: path.join(config.definitionsDir, 'money'),
    schemaFile: path.join(config.schemasDir, 'definitions', 'money.schema.json'),
  });
  const faults = files.flatMap((file) => faultsOf(file, new Set(workspaces.map(({ id }) => id))));
  if (faults.length > 0) throw new DefinitionError(faults);
  const loadedAt = new Date(now).toISOString().slice(0, 23).replace('T', ' ');
  const rates = files.flatMap(({ value }) => rateRows(value, loadedAt));
  const costs = files.flatMap(({ value }) => [...acquisitionRows(value, loadedAt), ...productRows(value, loadedAt)]);
  await replace(clickhouse, { table: 'loaded_exchange_rates', columns: rateColumns, rows: rates, loadedAt });
  await replace(clickhouse, { table: 'loaded_costs', columns: costColumns, rows: costs, loadedAt });
}

function faultsOf({ value, faultAt }: Definition<MoneyFile>, declared: ReadonlySet<string>) {
  const unknown = declared.has(value.workspace)
    ? []
    : [faultAt(['workspace'], `no workspace is called "${value.workspace}"; deploy/definitions/sources declares them`)];
  const backwards = (value.acquisition_costs ?? []).flatMap(({ from, to }, index) =>
    to < from ? [faultAt(['acquisition_costs', index, 'to'], 'lies before "from"; swap the two')] : [],
  );
  return [...unknown, ...backwards];
}

function rateRows({ workspace, exchange_rates: rates = [] }: MoneyFile, loadedAt: string): readonly Row[] {
  return rates.map(({ currency, from, to, rate }) => [workspace, currency, from, to, decimal(rate), loadedAt]);
}

function acquisitionRows({ workspace, acquisition_costs: costs = [] }: MoneyFile, loadedAt: string): readonly Row[] {
  return costs.map(({ source, medium = '', campaign = '', from, to, amount, currency }) => [
    ...[workspace, 'acquisition', from, to, source, medium, campaign],
    ...['', decimal(amount), currency, loadedAt],
  ]);
}

function productRows({ workspace, product_costs: costs = [] }: MoneyFile, loadedAt: string): readonly Row[] {
  return costs.map(({ product, from, cost, currency }) => [
    ...[workspace, 'product', from, endOfTime, '', '', ''],
    ...[product, decimal(cost), currency, loadedAt],
  ]);
}

/** Never in the form 1e-7: plain digits mean the same in every input format. */
function decimal(value: number): string {
  return value.toFixed(8);
}

interface Replacement {
  readonly table: string;
  readonly columns: [string, ...string[]];
  readonly rows: readonly Row[];
  readonly loadedAt: string;
}

/** The newest load counts, so readers never see half of one; then what it replaced goes. */
async function replace(clickhouse: ClickHouseClient, { table, columns, rows, loadedAt }: Replacement): Promise<void> {
  if (rows.length > 0) {
    await clickhouse.insert({
      table,
      columns,
      values: rows,
      format: 'JSONCompactEachRow',
      clickhouse_settings: insertSettings,
    });
  }
  await clickhouse.command({
    query: `DELETE FROM ${table} WHERE loaded_at < {loadedAt:DateTime64(3, 'UTC')}`,
    query_params: { loadedAt },
  });
}
