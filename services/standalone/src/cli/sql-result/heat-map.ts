import { shaded } from '../../charts/shaded.js';
import { CommandError } from '../command-error.js';
import { textTable } from '../text-table.js';
import { emptyResult, type ChartStyle } from './draw-chart.js';
import { isNumber, short, type Result, type ResultColumn } from './result.js';

export interface HeatMap {
  readonly down: ResultColumn;
  readonly across: ResultColumn;
  readonly value: ResultColumn;
  /** In the order of the result. */
  readonly rows: readonly string[];
  /** By size where they are numbers, else in the order of the result. */
  readonly columns: readonly string[];
  /** By `row` and `column`. */
  readonly cells: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Largest value; 0 where there is none above it. */
  readonly highest: number;
  readonly isShare: boolean;
}

/** Of three columns the first goes down, the second across, and the third is the colour. Undefined when the result is empty. Errors: `CommandError`. */
export function heatMapOf({ meta, data }: Result): HeatMap | undefined {
  const [down, across, value] = meta;
  if (meta.length !== 3 || !down || !across || !value || !isNumber(value.type)) {
    throw new CommandError('A heat map is drawn of three columns, of which the third is a number.', {
      hint: 'Ask for rows, columns and value: SELECT cohort_month, age_months, retention FROM cohort_retention_monthly',
    });
  }
  if (data.length === 0) return undefined;
  const cells = new Map<string, Map<string, number>>();
  for (const [row, column, number] of data) {
    const line = cells.get(String(row)) ?? new Map<string, number>();
    cells.set(String(row), line);
    if (number !== null && Number.isFinite(Number(number))) line.set(String(column), Number(number));
  }
  const columns = [...new Set(data.map(([, column]) => String(column)))];
  if (isNumber(across.type)) columns.sort((a, b) => Number(a) - Number(b));
  const values = [...cells.values()].flatMap((line) => [...line.values()]);
  const isShare = value.type.includes('Float') && values.every((number) => number >= 0 && number <= 1);
  const highest = Math.max(0, ...values);
  return { down, across, value, rows: [...cells.keys()], columns, cells, highest, isShare };
}

/** For a terminal: a table whose cells are the darker the larger they are. */
export function drawHeatMap(result: Result, { colours }: ChartStyle): string {
  const map = heatMapOf(result);
  if (map === undefined) return emptyResult;
  const textOf = (value: number) => (map.isShare ? `${Math.round(value * 100)}%` : short(value));
  const width = Math.max(
    ...map.columns.map((column) => column.length),
    ...[...map.cells.values()].flatMap((line) => [...line.values()].map((value) => textOf(value).length)),
  );
  const rows = map.rows.map((row) => [
    row,
    ...map.columns.map((column) => {
      const value = map.cells.get(row)?.get(column);
      if (value === undefined) return '';
      return shaded(textOf(value).padStart(width), colours && map.highest > 0 ? value / map.highest : undefined);
    }),
  ]);
  const titles = map.columns.map((title) => ({ title, align: 'right' as const }));
  const title = `${map.value.name} by ${map.down.name} (down) and ${map.across.name} (across)`;
  return `${title}\n${textTable([{ title: map.down.name }, ...titles], rows)}`;
}
