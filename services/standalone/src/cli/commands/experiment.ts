import type { ExperimentDto } from '@rapport/service-query';
import { Command } from 'commander';
import { readEndpoints, withEndpointOptions, type EndpointOptions } from '../endpoints.js';
import { callApi } from '../query-api.js';
import { type Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';

/** `rapport experiment <id>`: how the variations compare with the control. */
export function experimentCommand(terminal: Terminal): Command {
  const command = new Command('experiment')
    .description('how the variations of an experiment, or of a hold-out, compare with its control')
    .argument('<id>', 'a definition of deploy/definitions/experiments')
    .option('--json', 'print JSON on one line');
  return withEndpointOptions(command).action(
    async (id: string, options: EndpointOptions & { readonly json?: boolean }) => {
      const experiment = (await (
        await callApi(await readEndpoints(options), { path: `/v1/experiments/${encodeURIComponent(id)}` })
      ).json()) as ExperimentDto;
      terminal.print(options.json ? JSON.stringify(experiment) : experimentText(experiment));
    },
  );
}

function experimentText(experiment: ExperimentDto): string {
  const { definition, people, mixedPeople, sampleRatio } = experiment;
  const arms = Object.entries(people).map(([variation, count]) => `${variation} ${count.toLocaleString('en')}`);
  const split =
    sampleRatio === null
      ? 'There is nothing to compare yet.'
      : `Sample ratio: p ${sampleRatio.p.toPrecision(3)}${sampleRatio.mismatch ? ' - MISMATCH: trust no comparison before its cause is known' : ', as declared'}.`;
  return [
    `${definition.name} (${definition.test} test${definition.test === 'fixed' ? `, ${definition.variance}` : ''}, alpha ${definition.alpha}, control ${definition.control})`,
    `People: ${arms.join(', ') || 'none'}; ${mixedPeople.toLocaleString('en')} who saw several variations are left out. ${split}`,
    ...(experiment.comparisons.length === 0 ? [] : [comparisonTable(experiment)]),
  ].join('\n\n');
}

function comparisonTable({ metrics, comparisons, definition }: ExperimentDto): string {
  const rows = comparisons.map((comparison) => {
    const result = metrics.find(({ metric }) => metric.id === comparison.metric);
    const isShare = result?.metric.kind === 'conversion';
    const show = (value: number | undefined): string =>
      value === undefined ? '–' : isShare ? `${(value * 100).toFixed(2)}%` : value.toFixed(2);
    const meanOf = (variation: string) => result?.arms.find((arm) => arm.variation === variation)?.mean;
    const { difference, lift, adjustedP, tooFew, significant } = comparison;
    return [
      result?.metric.name ?? comparison.metric,
      comparison.variation,
      show(meanOf(definition.control)),
      show(meanOf(comparison.variation)),
      difference ? `${show(difference.interval[0])} to ${show(difference.interval[1])}` : '–',
      lift ? `${(lift.estimate * 100).toFixed(1)}%` : '–',
      adjustedP === null ? '–' : adjustedP.toPrecision(2),
      tooFew ? 'too few people' : significant ? 'differs' : 'not shown',
    ];
  });
  const titles = ['metric', 'variation', 'control', 'value', 'difference, interval', 'lift', 'p (Holm)', 'verdict'];
  return textTable(
    titles.map((title, at) => ({ title, align: at > 1 && at < 7 ? 'right' : 'left' })),
    rows,
  );
}
