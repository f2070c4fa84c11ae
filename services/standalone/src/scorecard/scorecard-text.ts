import type { GoalReading, MetricReading, RhythmReading, ScorecardDto } from '@rapport/service-query';
import { textTable, type TextColumn } from '../cli/text-table.js';
import { changeText, figureText } from './figure-text.js';

const left = (title: string): TextColumn => ({ title });
const right = (title: string): TextColumn => ({ title, align: 'right' });

const nothingKnown =
  'Nothing was recorded in these days. When there is something, this tells: rapport sql "SELECT min(timestamp), max(timestamp) FROM touchpoints"';

/** Before the first touchpoint and after the last even a count has no figure; between them it is 0. */
function isEmpty({ metrics }: RhythmReading): boolean {
  return metrics.every(({ value, parts }) => value === null && parts.length === 0);
}

/** The scorecard as a terminal shows it. */
export function scorecardText(scorecard: ScorecardDto): string {
  const { workspace, period, timeZone, rhythms, goals, currency, unconverted } = scorecard;
  return [
    `Relationship scorecard of ${workspace}, ${period} (${timeZone}, ${currency})`,
    ...unconverted.map((money) => unconvertedText(money, currency)),
    ...(rhythms.every(isEmpty) ? [nothingKnown] : []),
    ...rhythms.flatMap((rhythm) => [`${titleOf(rhythm)}`, rhythmTable(rhythm, currency)]),
    ...rhythms.flatMap((rhythm) => partsTables(rhythm, currency)),
    ...(goals.length === 0 ? [] : ['Goals', goalsTable(goals, currency)]),
    ...actions(rhythms),
  ].join('\n\n');
}

/** A warning: figures without this money are too small, and nothing else on the page would show it. */
export function unconvertedText(
  { currency, orders, amount }: ScorecardDto['unconverted'][number],
  reporting: string,
): string {
  const money = figureText(Number(amount), 'money', currency);
  return `Left out: ${money} of ${orders.toLocaleString('en')} orders, for there is no rate from ${currency} to ${reporting}. Declare one in deploy/definitions/money (docs/definitions.md).`;
}

export function titleOf({ rhythm, name, period }: RhythmReading): string {
  return `${rhythm.charAt(0).toUpperCase()}${rhythm.slice(1)}, ${period}: ${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

function rhythmTable({ metrics }: RhythmReading, currency: string): string {
  const columns = [
    ...[left('layer'), left('metric'), left(''), right('value'), right('change'), right('baseline')],
    ...[right('target'), left('status'), left('owner')],
  ];
  const rows = metrics
    .filter(({ parts }) => parts.length === 0)
    .map((metric) => [
      ...[metric.layer, metric.name, metric.kind],
      figureText(metric.value, metric.unit, currency),
      changeText(metric.value, metric.previous, metric.unit),
      figureText(metric.baseline, metric.unit, currency),
      figureText(metric.target, metric.unit, currency),
      ...[metric.status, metric.owner],
    ]);
  return textTable(columns, rows);
}

function partsTables({ metrics }: RhythmReading, currency: string): string[] {
  return metrics
    .filter(({ parts }) => parts.length > 0)
    .flatMap(({ name, unit, parts }) => [
      name,
      textTable(
        [left('part'), right('value'), right('baseline'), right('target'), left('status'), right('rests on')],
        parts.map(({ label, value, baseline, target, status, base }) => [
          label,
          ...[value, baseline, target].map((figure) => figureText(figure, unit, currency)),
          ...[status, base.toLocaleString('en')],
        ]),
      ),
    ]);
}

function goalsTable(goals: readonly GoalReading[], currency: string): string {
  const columns = [
    ...[left('goal'), left('status'), right('baseline'), right('now'), right('pace'), right('forecast')],
    ...[right('target'), left('by')],
  ];
  return textTable(
    columns,
    goals.map((goal) => [
      ...[goal.name, goal.status],
      ...[goal.baseline, goal.current, goal.pace, goal.forecast, goal.target].map((value) =>
        figureText(value, goal.unit, currency),
      ),
      goal.by,
    ]),
  );
}

function actions(rhythms: readonly RhythmReading[]): string[] {
  const moved = rhythms.flatMap(({ metrics }) => metrics.filter(needsAction));
  if (moved.length === 0) return [];
  return ['To consider', moved.map(({ name, owner, action }) => `- ${name} (${owner}): ${action}`).join('\n')];
}

export function needsAction({ status }: MetricReading): boolean {
  return status === 'off target';
}
