import { CommandError } from '../command-error.js';
import { isNumber, isTime, type Result, type ResultColumn } from './result.js';

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: unknown, value: number])[];
}

/** What a result draws: lines over numbers and times, bars over anything else. */
export interface Drawing {
  readonly kind: 'lines' | 'bars';
  readonly x: ResultColumn;
  readonly series: readonly Series[];
}

const mostLines = 12;
const mostBars = 500;

/**
 * The first column is x. Each further number column is a series; with three columns of which the second is no number, each
 * value of the second. Undefined when the result is empty. Errors: `CommandError`.
 */
export function drawingOf(result: Result): Drawing | undefined {
  const [x, second] = result.meta;
  if (x === undefined || result.data.length === 0) return undefined;
  const series = seriesOf(result);
  if (series.length === 0) {
    throw new CommandError('There is nothing to draw: no column beside the first is a number.', {
      hint: 'Ask for x and one or more numbers: SELECT age_months, avg(retention) FROM cohort_retention_monthly GROUP BY 1',
    });
  }
  if (!isNumber(x.type) && !isTime(x.type)) {
    const count = series.reduce((bars, { points }) => bars + points.length, 0);
    if (count <= mostBars) return { kind: 'bars', x, series };
    throw new CommandError(`${count} bars are too many to read.`, {
      hint: `Ask for ${mostBars} at most, for example with GROUP BY, or ORDER BY and LIMIT; lines need a first column of numbers or times.`,
    });
  }
  if (series.length > mostLines) {
    throw new CommandError(`${series.length} lines are too many to tell apart (${second?.name}).`, {
      hint: `Ask for ${mostLines} at most, for example with WHERE or LIMIT BY; or draw them as a --heat-map.`,
    });
  }
  return { kind: 'lines', x, series };
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
