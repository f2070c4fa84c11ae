import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { loadSql } from '@rapport/profile-db';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { ask } from '../ask.js';
import { daysOf, WorkspacePeriods } from '../workspace-periods.js';
import { readScorecard } from './read-scorecard.js';
import { loadScorecards } from './scorecard-definition.js';
import type { ScorecardDto } from './scorecard.dto.js';
import { readUnconvertedMoney } from './unconverted-money.js';

const readCurrency = loadSql(import.meta.url, 'read-currency');

export class GetScorecard extends Query<ScorecardDto> {
  constructor(
    readonly workspaceId: string,
    readonly period: string,
  ) {
    super();
  }
}

@QueryHandler(GetScorecard)
export class GetScorecardHandler implements IQueryHandler<GetScorecard> {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    private readonly periods: WorkspacePeriods,
  ) {}

  async execute({ workspaceId, period }: GetScorecard): Promise<ScorecardDto> {
    const days = daysOf(period);
    const { name, timeZone, currency: ownCurrency } = this.periods.workspace(workspaceId);
    const definitions = await loadScorecards(this.platform.config);
    const { clickhouse } = this.platform;
    const [settings] = await ask<{ currency: string }>(clickhouse, readCurrency, { workspace: workspaceId });
    const currency = settings?.currency ?? ownCurrency;
    const scorecard = await readScorecard(clickhouse, workspaceId, definitions, days);
    const start = scorecard.rhythms.map((rhythm) => rhythm.start).reduce(earlier, String(days.start));
    const end = String(days.end);
    return {
      ...{ workspace: name, period, timeZone, currency },
      unconverted: await readUnconvertedMoney(clickhouse, { workspace: workspaceId, currency, start, end }),
      ...scorecard,
    };
  }
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}
