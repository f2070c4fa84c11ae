import type { AttributionDto } from '@rapport/service-query';
import { Command } from 'commander';
import { readEndpoints, withEndpointOptions, type EndpointOptions } from '../endpoints.js';
import { callApi } from '../query-api.js';
import { type Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';

interface AttributionOptions extends EndpointOptions {
  readonly period: string;
  readonly by?: string;
  readonly lookBack?: string;
  readonly value?: boolean;
  readonly json?: boolean;
}

/** `rapport attribution orders --period 2010-11`: credit of each channel, one column a model. */
export function attributionCommand(terminal: Terminal): Command {
  const command = new Command('attribution')
    .description('what brought the conversions of a period: credit of each channel in every model')
    .argument('<id>', 'a definition of deploy/definitions/attribution, for example orders')
    .requiredOption('--period <period>', 'for example 2010-11, 2010-Q4, 2010-W45 or 2010')
    .option('--by <what>', 'channel, source, medium or campaign, instead of what the definition says')
    .option('--look-back <duration>', 'for example "30 days", instead of what the definition says')
    .option('--value', 'show money instead of conversions')
    .option('--json', 'print JSON on one line');
  return withEndpointOptions(command).action(async (id: string, options: AttributionOptions) => {
    const { period, by, lookBack } = options;
    const query = new URLSearchParams({ period, ...(by && { by }), ...(lookBack && { lookBack }) });
    const attribution = (await (
      await callApi(await readEndpoints(options), {
        path: `/v1/attribution/${encodeURIComponent(id)}?${query.toString()}`,
      })
    ).json()) as AttributionDto;
    terminal.print(options.json ? JSON.stringify(attribution) : attributionText(attribution, options.value ?? false));
  });
}

function moneyText(amount: number): string {
  return amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function attributionText(attribution: AttributionDto, money: boolean): string {
  const { definition, conversions, value, models, removalEffects } = attribution;
  const title = `${definition.name}: ${conversions.toLocaleString('en')} conversions (${definition.conversion}), value ${moneyText(Number(value))}`;
  if (models.length === 0) return `${title}\n\nNothing to credit in this period.`;
  const labels = [...new Set(models.flatMap(({ credits }) => credits.map(({ label }) => label)))].sort();
  const cell = (model: AttributionDto['models'][number], label: string): string => {
    const credit = model.credits.find((each) => each.label === label);
    return money ? moneyText(Number(credit?.value ?? 0)) : Number(credit?.conversions ?? 0).toFixed(1);
  };
  const columns = [definition.by, ...models.map(({ model }) => model), 'removal effect'];
  const rows = labels.map((label) => [
    label,
    ...models.map((model) => cell(model, label)),
    removalEffects[label]?.toFixed(4) ?? '',
  ]);
  return [
    title,
    textTable(
      columns.map((column, at) => ({ title: column, align: at === 0 ? 'left' : 'right' })),
      rows,
    ),
    'Models share out what happened; only a hold-out shows what a channel caused (rapport experiment).',
  ].join('\n\n');
}
