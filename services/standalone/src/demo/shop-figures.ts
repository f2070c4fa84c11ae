import { type ClickHouseClient } from '@clickhouse/client';
import { loadSql } from '@rapport/profile-db';
import { type LifetimeValueRow, type RetentionRow } from './cohort-tables.js';

const sql = {
  retention: loadSql(import.meta.url, 'cohort-retention'),
  lifetimeValue: loadSql(import.meta.url, 'ltv-by-cohort'),
  currency: loadSql(import.meta.url, 'reporting-currency'),
  segments: loadSql(import.meta.url, 'segment-sizes'),
  journeys: loadSql(import.meta.url, 'journey-decisions'),
  deliveries: loadSql(import.meta.url, 'deliveries'),
};

/** What the shop's history says, read back through SQL. */
export interface ShopFigures {
  /** In which the lifetime values are; what was sold in others is not in them. */
  readonly currency: string;
  readonly retention: readonly RetentionRow[];
  readonly lifetimeValue: readonly LifetimeValueRow[];
}

/** What Rapport has done about people who are customers now. */
export interface PresentState {
  readonly segments: readonly { readonly segment: string; readonly members: number }[];
  readonly journeys: readonly {
    readonly journey: string;
    readonly kind: string;
    readonly reason: string;
    readonly people: number;
  }[];
  readonly deliveries: readonly { readonly channel: string; readonly status: string; readonly messages: number }[];
}

export async function readShopFigures(clickhouse: ClickHouseClient): Promise<ShopFigures> {
  const [reporting] = await rowsOf<{ readonly currency: string }>(clickhouse, sql.currency);
  return {
    currency: reporting?.currency ?? '',
    retention: await rowsOf(clickhouse, sql.retention),
    lifetimeValue: await rowsOf(clickhouse, sql.lifetimeValue),
  };
}

export async function readPresentState(clickhouse: ClickHouseClient): Promise<PresentState> {
  return {
    segments: await rowsOf(clickhouse, sql.segments),
    journeys: await rowsOf(clickhouse, sql.journeys),
    deliveries: await rowsOf(clickhouse, sql.deliveries),
  };
}

/** The queries name their columns as the row types do, and give numbers that JSON can hold. */
async function rowsOf<Row>(clickhouse: ClickHouseClient, query: string): Promise<Row[]> {
  const answer = await clickhouse.query({ query, format: 'JSONEachRow' });
  return answer.json<Row>();
}
