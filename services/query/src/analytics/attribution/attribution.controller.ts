import { Controller, Get, Param, Query, UseGuards, UsePipes, ValidationPipe } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  ApiBadRequestResponse,
  ApiBearerAuth,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import { ApiKeyGuard, RequireScope, WorkspaceId } from '../../access/api-key.guard.js';
import { ProblemDto } from '../../access/problem.dto.js';
import { DefinitionParamsDto } from '../definition-params.dto.js';
import { AttributionDefinitionDto, AttributionDto, AttributionOptionsDto } from './attribution.dto.js';
import { GetAttribution, ListAttributions } from './get-attribution.query.js';

@ApiTags('analytics')
@ApiBearerAuth()
@ApiUnauthorizedResponse({ type: ProblemDto, description: 'The API key is missing or not known' })
@ApiBadRequestResponse({ type: ProblemDto, description: 'A parameter is not what it should be' })
@RequireScope('read-sql')
@UseGuards(ApiKeyGuard)
@UsePipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }))
@Controller('v1/attribution')
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
