import { Controller, Get, Param, UseGuards, UsePipes, ValidationPipe } from '@nestjs/common';
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
import { ExperimentDefinitionDto, ExperimentDto } from './experiment.dto.js';
import { GetExperiment, ListExperiments } from './get-experiment.query.js';

@ApiTags('analytics')
@ApiBearerAuth()
@ApiUnauthorizedResponse({ type: ProblemDto, description: 'The API key is missing or not known' })
@ApiBadRequestResponse({ type: ProblemDto, description: 'A parameter is not what it should be' })
@RequireScope('read-sql')
@UseGuards(ApiKeyGuard)
@UsePipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }))
@Controller('v1/experiments')
export class ExperimentsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'The experiments declared' })
  @ApiOkResponse({ type: [ExperimentDefinitionDto] })
  definitions(): Promise<readonly ExperimentDefinitionDto[]> {
    return this.queries.execute(new ListExperiments());
  }

  @Get(':id')
  @ApiOperation({ summary: 'How the variations of an experiment compare with its control' })
  @ApiOkResponse({ type: ExperimentDto })
  @ApiNotFoundResponse({ type: ProblemDto, description: 'Nothing is declared under this id' })
  experiment(@WorkspaceId() workspaceId: string, @Param() { id }: DefinitionParamsDto): Promise<ExperimentDto> {
    return this.queries.execute(new GetExperiment(workspaceId, id));
  }
}
