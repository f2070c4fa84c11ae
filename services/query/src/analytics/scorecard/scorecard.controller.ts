import { Controller, Get, Query, UseGuards, UsePipes, ValidationPipe } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  ApiBadRequestResponse,
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import { ApiKeyGuard, WorkspaceId } from '../../access/api-key.guard.js';
import { ProblemDto } from '../../access/problem.dto.js';
import { GetScorecard } from './get-scorecard.query.js';
import { ScorecardDto, ScorecardOptionsDto } from './scorecard.dto.js';

@ApiTags('analytics')
@ApiBearerAuth()
@ApiUnauthorizedResponse({ type: ProblemDto, description: 'The API key is missing or not known' })
@ApiBadRequestResponse({ type: ProblemDto, description: 'A parameter is not what it should be' })
@UseGuards(ApiKeyGuard)
@UsePipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }))
@Controller('v1/scorecard')
export class ScorecardController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'The relationship scorecard: last week, month and quarter of a period, and the goals' })
  @ApiOkResponse({ type: ScorecardDto })
  scorecard(@WorkspaceId() workspaceId: string, @Query() { period }: ScorecardOptionsDto): Promise<ScorecardDto> {
    return this.queries.execute(new GetScorecard(workspaceId, period));
  }
}
