import { Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiController } from '../../access/api-controller.js';
import { WorkspaceId } from '../../access/api-key.guard.js';
import { ProblemDto } from '../../access/problem.dto.js';
import { DefinitionParamsDto } from '../definition-params.dto.js';
import { AttributionDefinitionDto, AttributionDto, AttributionOptionsDto } from './attribution.dto.js';
import { GetAttribution, ListAttributions } from './get-attribution.query.js';

@ApiController('v1/attribution', { tag: 'analytics', scope: 'read-sql' })
export class AttributionController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'What can be attributed: the definitions' })
  @ApiOkResponse({ type: [AttributionDefinitionDto] })
  definitions(): Promise<readonly AttributionDefinitionDto[]> {
    return this.queries.execute(new ListAttributions());
  }

  @Get(':id')
  @ApiOperation({ summary: 'Credit of each channel for the conversions of a period, in every model' })
  @ApiOkResponse({ type: AttributionDto })
  @ApiNotFoundResponse({ type: ProblemDto, description: 'Nothing is declared under this id' })
  attribution(
    @WorkspaceId() workspaceId: string,
    @Param() { id }: DefinitionParamsDto,
    @Query() options: AttributionOptionsDto,
  ): Promise<AttributionDto> {
    return this.queries.execute(new GetAttribution(workspaceId, id, options));
  }
}
