import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { loadSql } from '@rapport/profile-db';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { ask } from '../analytics/ask.js';
import type { QualityDto, SourceQualityDto } from './quality.dto.js';
import { DEFINITION_WORDS } from './words-of-definitions.js';

const sql = {
  sources: loadSql(import.meta.url, 'read-sources'),
  violations: loadSql(import.meta.url, 'read-violations'),
  refusals: loadSql(import.meta.url, 'read-refusals'),
  incomplete: loadSql(import.meta.url, 'read-incomplete'),
  traits: loadSql(import.meta.url, 'read-traits'),
  duplicates: loadSql(import.meta.url, 'read-duplicates'),
};

/** How good the data is that each source sends. */
export class GetQuality extends Query<QualityDto> {
  constructor(readonly workspaceId: string) {
    super();
  }
}

interface SourceRow {
  readonly source: string;
  readonly touchpoints: number | string;
  readonly rejected: number | string;
  readonly rejection_rate: number;
  readonly violation_rate: number;
  readonly mended_rate: number;
  readonly identified_rate: number;
  readonly last_received_at: string | null;
  readonly median_delay_seconds: number;
}

interface ViolationRow {
  readonly source: string;
  readonly event: string;
  readonly rule: string;
  readonly touchpoints: number | string;
  readonly last_received_at: string;
}

interface RefusalRow {
  readonly source: string;
  readonly reason: string;
  readonly detail: string;
  readonly touchpoints: number | string;
  readonly last_received_at: string;
}

interface IncompleteRow {
  readonly source: string;
  readonly event: string;
  readonly property: string;
  readonly touchpoints: number | string;
  readonly completeness: number;
}

interface TraitRow {
  readonly trait: string;
  readonly profiles: number | string;
  readonly last_received_at: string;
}

@QueryHandler(GetQuality)
export class GetQualityHandler implements IQueryHandler<GetQuality> {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(DEFINITION_WORDS) private readonly words: ReadonlySet<string>,
  ) {}

  async execute({ workspaceId }: GetQuality): Promise<QualityDto> {
    const { clickhouse } = this.platform;
    const params = { workspace: workspaceId };
    const [sources, violations, refusals, incomplete, traits, repeated] = await Promise.all([
      ask<SourceRow>(clickhouse, sql.sources, params),
      ask<ViolationRow>(clickhouse, sql.violations, params),
      ask<RefusalRow>(clickhouse, sql.refusals, params),
      ask<IncompleteRow>(clickhouse, sql.incomplete, params),
      ask<TraitRow>(clickhouse, sql.traits, params),
      this.duplicateRates(workspaceId),
    ]);
    return {
      sources: sources.map((row) => sourceFrom(row, repeated.get(row.source) ?? 0)),
      violations: violations.map(counted),
      refusals: refusals.map(counted),
      incomplete: incomplete.map((row) => ({ ...row, touchpoints: Number(row.touchpoints) })),
      unusedTraits: traits
        .filter(({ trait }) => !this.words.has(trait))
        .map(({ trait, profiles, last_received_at }) => ({
          trait,
          profiles: Number(profiles),
          lastReceivedAt: isoOf(last_received_at),
        })),
    };
  }

  private async duplicateRates(workspaceId: string): Promise<ReadonlyMap<string, number>> {
    const { rows } = await this.platform.postgres.query<{ source: string; received: number; duplicates: number }>(
      sql.duplicates,
      [workspaceId],
    );
    return new Map(
      rows.map(({ source, received, duplicates }) => [source, received === 0 ? 0 : duplicates / received]),
    );
  }
}

function counted<T extends { readonly touchpoints: number | string; readonly last_received_at: string }>({
  touchpoints,
  last_received_at,
  ...row
}: T) {
  return { ...row, touchpoints: Number(touchpoints), lastReceivedAt: isoOf(last_received_at) };
}

function sourceFrom(row: SourceRow, duplicateRate: number): SourceQualityDto {
  return {
    source: row.source,
    touchpoints: Number(row.touchpoints),
    rejected: Number(row.rejected),
    rejectionRate: row.rejection_rate,
    duplicateRate,
    violationRate: row.violation_rate,
    mendedRate: row.mended_rate,
    identifiedRate: row.identified_rate,
    lastReceivedAt: row.last_received_at === null ? null : isoOf(row.last_received_at),
    medianDelaySeconds: row.median_delay_seconds,
  };
}

/** ClickHouse writes `2026-11-22 10:00:00.000` for a time in UTC. */
function isoOf(time: string): string {
  return `${time.replace(' ', 'T')}Z`;
}
