import type { TopLevelSpec } from 'vega-lite';
import { svgOf } from '../../charts/svg-of.js';
import { CommandError } from '../command-error.js';
import { emptyResult } from './draw-chart.js';
import { heatMapOf, type HeatMap } from './heat-map.js';
import { isTime, timeOf, type Result } from './result.js';
import { drawingOf, type Drawing } from './series.js';

const mainHue = '#0b6e75';
const hues = [mainHue, '#c2571a', '#5b5fc7', '#8a5a00', '#b0306a', '#3f7d20', '#555555'];
const common = {
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  background: 'white',
  padding: 12,
  config: {
    font: 'system-ui, sans-serif',
    axis: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: 'normal', gridColor: '#e6e6e6' },
    view: { stroke: null },
    range: { category: hues },
  },
} as const satisfies Partial<TopLevelSpec>;

/** The chart that `--chart` or `--heat-map` draws, as an SVG document. Errors: `CommandError`. */
export async function chartSvg(result: Result, kind: 'chart' | 'heat-map'): Promise<string> {
  const drawn = kind === 'heat-map' ? heatMapOf(result) : drawingOf(result);
  if (drawn === undefined) {
    throw new CommandError(emptyResult, { hint: 'Run the question without --output to see what it answers.' });
  }
  return svgOf('cells' in drawn ? heatMapSpec(drawn) : drawn.kind === 'lines' ? linesSpec(drawn) : barsSpec(drawn));
}

function linesSpec({ x, series }: Drawing): TopLevelSpec {
  const time = isTime(x.type);
  const values = series.flatMap(({ name, points }) =>
    points.map(([at, value]) => ({ x: time ? timeOf(at) : Number(at), value, name })),
  );
  return {
    ...common,
    width: 560,
    height: 280,
    data: { values },
    mark: { type: 'line', strokeWidth: 2, point: { size: 24 }, ...(series.length === 1 && { color: mainHue }) },
    encoding: {
      x: time
        ? { field: 'x', type: 'temporal', scale: { type: 'utc' }, axis: { title: x.name, labelOverlap: true } }
        : { field: 'x', type: 'quantitative', scale: { zero: false }, axis: { title: x.name, grid: false } },
      y: { field: 'value', type: 'quantitative', axis: { title: series.length === 1 ? series[0]?.name : null } },
      ...(series.length > 1 && { color: { field: 'name', type: 'nominal', sort: null, title: null } }),
    },
  };
}

function barsSpec({ x, series }: Drawing): TopLevelSpec {
  const values = series.flatMap(({ name, points }) => points.map(([at, value]) => ({ x: String(at), value, name })));
  return {
    ...common,
    width: 480,
    height: { step: 22 },
    data: { values },
    mark: { type: 'bar', color: mainHue },
    encoding: {
      y: { field: 'x', type: 'nominal', sort: null, axis: { title: x.name } },
      x: { field: 'value', type: 'quantitative', axis: { title: series.length === 1 ? series[0]?.name : null } },
      ...(series.length > 1 && {
        color: { field: 'name', type: 'nominal', sort: null, title: null },
        yOffset: { field: 'name' },
      }),
    },
  };
}

function heatMapSpec({ down, across, value, rows, columns, cells, highest, isShare }: HeatMap): TopLevelSpec {
  const values = rows.flatMap((row) =>
    [...(cells.get(row) ?? [])].map(([column, number]) => ({ row, column, value: number })),
  );
  const format = isShare ? '.0%' : '.3~s';
  const x = { field: 'column', type: 'ordinal', sort: [...columns] } as const;
  const y = { field: 'row', type: 'ordinal', sort: [...rows] } as const;
  return {
    ...common,
    width: { step: 40 },
    height: { step: 22 },
    data: { values },
    title: { text: value.name, anchor: 'start', fontWeight: 'normal' },
    encoding: {
      x: { ...x, axis: { title: across.name, orient: 'top', labelAngle: 0, domain: false, ticks: false } },
      y: { ...y, axis: { title: down.name, domain: false, ticks: false } },
    },
    layer: [
      {
        mark: { type: 'rect', stroke: 'white' },
        encoding: {
          color: {
            field: 'value',
            type: 'quantitative',
            scale: { range: ['#eef7f7', mainHue], domainMin: 0 },
            legend: null,
          },
        },
      },
      {
        mark: { type: 'text', fontSize: 11 },
        encoding: {
          text: { field: 'value', type: 'quantitative', format },
          color: { condition: { test: `datum.value > ${highest * 0.75}`, value: 'white' }, value: '#1b1b1b' },
        },
      },
    ],
  };
}
