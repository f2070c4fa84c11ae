import { plot } from 'simple-ascii-chart';
import { textTable } from '../text-table.js';
import { isTime, short, timeOf, type Result, type ResultColumn } from './result.js';
import { drawingOf, type Series } from './series.js';

export interface ChartStyle {
  readonly colours: boolean;
  /** Characters that a line may have. */
  readonly width: number;
}

const height = 15;
const palette = ['ansiCyan', 'ansiYellow', 'ansiGreen', 'ansiMagenta', 'ansiRed', 'ansiBlue', 'ansiWhite'] as const;
export const emptyResult = 'There is nothing to draw: the result is empty.';

/** Draws a result for a terminal, by the rules of `drawingOf`. */
export function drawChart(result: Result, style: ChartStyle): string {
  const drawing = drawingOf(result);
  if (drawing === undefined) return emptyResult;
  const { kind, x, series } = drawing;
  return kind === 'lines' ? lines(x, series, style) : bars(x.name, series, style);
}

function lines(x: ResultColumn, series: readonly Series[], { colours, width }: ChartStyle): string {
  const time = isTime(x.type);
  const position = (value: unknown) => (time ? timeOf(value) : Number(value));
  const drawn = series
    .map(({ name, points }) => ({
      name,
      points: points
        .map(([at, value]) => [position(at), value] as [number, number])
        .filter(([at]) => Number.isFinite(at))
        .sort(([a], [b]) => a - b),
    }))
    .filter(({ points }) => points.length > 0);
  if (drawn.length === 0) return 'There is nothing to draw: every value is empty.';
  const xs = [...new Set(drawn.flatMap(({ points }) => points.map(([at]) => at)))].sort((a, b) => a - b);
  const ticks = Math.max(2, Math.floor(width / 16));
  const chart = plot(
    drawn.map(({ points }) => points),
    {
      width: Math.max(20, width - 24),
      height,
      xLabel: x.name,
      customXAxisTicks: xs.filter((_, index) => index % Math.ceil(xs.length / ticks) === 0),
      ...(drawn.length > 1 && { legend: { position: 'bottom', series: drawn.map(({ name }) => name) } }),
      ...(colours && { color: drawn.map((_, index) => palette[index % palette.length] ?? 'ansiWhite') }),
      formatter: (value, { axis }) =>
        axis === 'x' && time ? new Date(value).toISOString().slice(0, 10) : short(value),
    },
  );
  const title = drawn.length === 1 ? `${drawn[0]?.name}\n` : '';
  return title + chart.replace(/^\n+|\s+$/g, '');
}

function bars(title: string, series: readonly Series[], { width }: ChartStyle): string {
  const all = series.flatMap(({ points }) => points.map(([, value]) => value));
  const highest = Math.max(...all.map(Math.abs), Number.MIN_VALUE);
  const room = Math.max(10, Math.floor(width / 2));
  const rows = series.flatMap(({ name, points }) =>
    points.map(([label, value]) => [
      String(label),
      ...(series.length > 1 ? [name] : []),
      '█'.repeat(Math.round((Math.abs(value) / highest) * room)),
      short(value),
    ]),
  );
  const names = series.length > 1 ? [{ title: 'series' }] : [];
  const valueName = series.length === 1 ? (series[0]?.name ?? '') : 'value';
  return textTable([{ title }, ...names, { title: '' }, { title: valueName, align: 'right' }], rows);
}
