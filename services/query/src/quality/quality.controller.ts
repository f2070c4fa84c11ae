import { Get } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiController } from '../access/api-controller.js';
import { WorkspaceId } from '../access/api-key.guard.js';
import { GetQuality } from './get-quality.query.js';
import { QualityDto } from './quality.dto.js';

@ApiController('v1/quality', { tag: 'operations', scope: 'read-sql', input: 'none' })
export class QualityController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'Completeness, freshness, violations of the tracking plan, duplicates and unused traits' })
  @ApiOkResponse({ type: QualityDto })
  quality(@WorkspaceId() workspaceId: string): Promise<QualityDto> {
    return this.queries.execute(new GetQuality(workspaceId));
  }
}
