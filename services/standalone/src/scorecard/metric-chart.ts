import type { MetricReading } from '@rapport/service-query';
import type { TopLevelSpec } from 'vega-lite';
import { svgOf } from '../charts/svg-of.js';

const line = '#0b6e75';
const rule = '#8a5a00';

/**
 * A metric over time as an SVG document: the figures as a line, the target (or else the baseline) as a dashed rule. Null with
 * fewer than two figures. It needs no script, font or network.
 */
export async function metricChart({ history, target, baseline, unit }: MetricReading): Promise<string | null> {
  const values = history.filter(({ value }) => value !== null);
  if (values.length < 2) return null;
  const aim = target ?? baseline;
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: 300,
    height: 90,
    background: 'transparent',
    data: { values: values.map(({ start, value }) => ({ start, value })) },
    config: { font: 'system-ui, sans-serif', axis: { labelFontSize: 10, grid: false }, view: { stroke: null } },
    layer: [
      {
        mark: { type: 'line', color: line, strokeWidth: 2, point: { size: 14, color: line } },
        encoding: {
          x: {
            field: 'start',
            type: 'temporal',
            axis: { title: null, format: '%b %y', tickCount: 5, labelOverlap: true },
          },
          y: {
            ...{ field: 'value', type: 'quantitative', scale: { zero: unit === 'count' || unit === 'money' } },
            axis: { title: null, tickCount: 3, format: unit === 'share' ? '.2~%' : '.3~s' },
          },
        },
      },
      ...(aim === null
        ? []
        : [{ mark: { type: 'rule' as const, color: rule, strokeDash: [4, 3] }, encoding: { y: { datum: aim } } }]),
    ],
  };
  return svgOf(spec);
}
