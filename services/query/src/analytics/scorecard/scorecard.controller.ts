import { Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiController } from '../../access/api-controller.js';
import { WorkspaceId } from '../../access/api-key.guard.js';
import { GetScorecard } from './get-scorecard.query.js';
import { ScorecardDto, ScorecardOptionsDto } from './scorecard.dto.js';

@ApiController('v1/scorecard', { tag: 'analytics', scope: 'read-sql' })
export class ScorecardController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'The relationship scorecard: last week, month and quarter of a period, and the goals' })
  @ApiOkResponse({ type: ScorecardDto })
  scorecard(@WorkspaceId() workspaceId: string, @Query() { period }: ScorecardOptionsDto): Promise<ScorecardDto> {
    return this.queries.execute(new GetScorecard(workspaceId, period));
  }
}
