import { Controller, Get, UseGuards } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags, ApiUnauthorizedResponse } from '@nestjs/swagger';
import { ApiKeyGuard, RequireScope, WorkspaceId } from '../access/api-key.guard.js';
import { ProblemDto } from '../access/problem.dto.js';
import { GetQuality } from './get-quality.query.js';
import { QualityDto } from './quality.dto.js';

@ApiTags('operations')
@ApiBearerAuth()
@ApiUnauthorizedResponse({ type: ProblemDto, description: 'The API key is missing or not known' })
@RequireScope('read-sql')
@UseGuards(ApiKeyGuard)
@Controller('v1/quality')
export class QualityController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'Completeness, freshness, violations of the tracking plan, duplicates and unused traits' })
  @ApiOkResponse({ type: QualityDto })
  quality(@WorkspaceId() workspaceId: string): Promise<QualityDto> {
    return this.queries.execute(new GetQuality(workspaceId));
  }
}
