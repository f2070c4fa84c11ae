import { shaded } from '../charts/shaded.js';
import { textTable } from '../cli/text-table.js';

/** A row of the view `cohort_retention_monthly`. */
export interface RetentionRow {
  /** First day of the month, for example 2010-01-01. */
  readonly cohortMonth: string;
  readonly ageMonths: number;
  readonly customers: number;
  /** Customers of the cohort who ordered in that month. */
  readonly active: number;
  /** 0 to 1. */
  readonly retention: number;
}

/** A row of the view `ltv_by_cohort_monthly`; `ltv` is cumulative revenue a customer, net of refunds. */
export interface LifetimeValueRow {
  readonly cohortMonth: string;
  readonly ageMonths: number;
  readonly customers: number;
  readonly ltv: number;
}

export interface TableStyle {
  readonly colours: boolean;
}

/** One line a cohort, one column a month of age: the share of the cohort that ordered in that month. */
export function retentionTable(rows: readonly RetentionRow[], style: TableStyle): string {
  return cohortTable(rows, style, {
    value: ({ retention }) => retention,
    text: (value) => `${Math.round(value * 100)}%`,
    // Month 0 is 100 % by definition and would drown the rest.
    shade: ({ retention, ageMonths }) => (ageMonths === 0 ? undefined : retention / 0.5),
  });
}

/** One line a cohort, one column a month of age: what a customer has brought so far. */
export function lifetimeValueTable(rows: readonly LifetimeValueRow[], style: TableStyle): string {
  const highest = Math.max(1, ...rows.map(({ ltv }) => ltv));
  const digits = highest < 1000 ? 1 : 0;
  return cohortTable(rows, style, {
    value: ({ ltv }) => ltv,
    text: (value) =>
      value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: true }),
    shade: ({ ltv }) => ltv / highest,
  });
}

interface CohortRow {
  readonly cohortMonth: string;
  readonly ageMonths: number;
  readonly customers: number;
}

interface Cells<Row> {
  readonly value: (row: Row) => number;
  readonly text: (value: number) => string;
  /** 0 (pale) to 1 (strong); undefined for no shade. */
  readonly shade: (row: Row) => number | undefined;
}

function cohortTable<Row extends CohortRow>(rows: readonly Row[], style: TableStyle, cells: Cells<Row>): string {
  const oldest = Math.max(0, ...rows.map(({ ageMonths }) => ageMonths));
  const ages = Array.from({ length: oldest + 1 }, (_, age) => age);
  const width = Math.max(2, ...rows.map((row) => cells.text(cells.value(row)).length));
  const cohorts = Map.groupBy(rows, ({ cohortMonth }) => cohortMonth);
  const lines = [...cohorts.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([month, cohort]) => [
      month.slice(0, 7),
      Math.max(...cohort.map(({ customers }) => customers)).toLocaleString('en'),
      ...ages.map((age) => {
        const row = cohort.find(({ ageMonths }) => ageMonths === age);
        if (row === undefined) return '';
        const text = cells.text(cells.value(row)).padStart(width);
        return shaded(text, style.colours ? cells.shade(row) : undefined);
      }),
    ]);
  const columns = ['cohort', 'customers', ...ages.map((age) => `M${age}`.padStart(width))];
  return textTable(
    columns.map((title, index) => ({ title, align: index === 0 ? 'left' : 'right' })),
    lines,
  );
}
