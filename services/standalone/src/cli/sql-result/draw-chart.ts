import { plot } from 'simple-ascii-chart';
import { CommandError } from '../command-error.js';
import { textTable } from '../text-table.js';

export interface ResultColumn {
  readonly name: string;
  readonly type: string;
}
export interface Result {
  readonly meta: readonly ResultColumn[];
  readonly data: readonly (readonly unknown[])[];
}

export interface ChartStyle {
  readonly colours: boolean;
  /** Characters that a line may have. */
  readonly width: number;
}

const height = 15;
const palette = ['ansiCyan', 'ansiYellow', 'ansiGreen', 'ansiMagenta', 'ansiRed', 'ansiBlue', 'ansiWhite'] as const;
const mostLines = 12;

/**
 * Draws a result. The first column is the x axis: numbers and times give lines, one a further number column; with three
 * columns of which the second is no number, one a value of the second. Any other first column gives bars.
 */
export function drawChart(result: Result, style: ChartStyle): string {
  const { meta, data } = result;
  const [x, second] = meta;
  if (x === undefined || data.length === 0) return 'There is nothing to draw: the result is empty.';
  const series = seriesOf(result);
  if (series.length === 0) {
    throw new CommandError('There is nothing to draw: no column beside the first is a number.', {
      hint: 'Ask for x and one or more numbers: SELECT age_months, avg(retention) FROM cohort_retention_monthly GROUP BY 1',
    });
  }
  if (!isNumber(x.type) && !isTime(x.type)) return bars(x.name, series, style);
  if (series.length > mostLines) {
    throw new CommandError(`${series.length} lines are too many to tell apart (${second?.name}).`, {
      hint: `Ask for ${mostLines} at most, for example with WHERE or LIMIT BY.`,
    });
  }
  return lines(x, series, style);
}

export function isNumber(type: string): boolean {
  return /^(LowCardinality\()?(Nullable\()?(U?Int|Float|Decimal|BFloat)/.test(type);
}

function isTime(type: string): boolean {
  return /^(Nullable\()?Date/.test(type);
}

interface Series {
  readonly name: string;
  readonly points: readonly (readonly [unknown, number])[];
}

function seriesOf({ meta, data }: Result): Series[] {
  const [, second, third] = meta;
  if (meta.length === 3 && second && third && !isNumber(second.type) && isNumber(third.type)) {
    const groups = Map.groupBy(data, (row) => String(row[1]));
    return [...groups].map(([name, rows]) => ({ name, points: pointsOf(rows, 2) }));
  }
  return meta.flatMap(({ name, type }, index) =>
    index > 0 && isNumber(type) ? [{ name, points: pointsOf(data, index) }] : [],
  );
}

function pointsOf(rows: Result['data'], column: number): Series['points'] {
  return rows.flatMap((row) => {
    const value = Number(row[column]);
    return row[column] === null || !Number.isFinite(value) ? [] : [[row[0], value] as const];
  });
}

function lines(x: ResultColumn, series: readonly Series[], { colours, width }: ChartStyle): string {
  const time = isTime(x.type);
  const position = (value: unknown) =>
    time ? Date.parse(`${String(value).replace(' ', 'T')}${zoneOf(value)}`) : Number(value);
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

function zoneOf(value: unknown): string {
  return /\d{2}:\d{2}/.test(String(value)) ? 'Z' : 'T00:00:00Z';
}

/** As many digits as are worth their place. */
function short(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en');
  return value.toLocaleString('en', { maximumSignificantDigits: 4 });
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
