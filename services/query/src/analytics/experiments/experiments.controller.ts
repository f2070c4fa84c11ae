import { Get, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiController } from '../../access/api-controller.js';
import { WorkspaceId } from '../../access/api-key.guard.js';
import { ProblemDto } from '../../access/problem.dto.js';
import { DefinitionParamsDto } from '../definition-params.dto.js';
import { ExperimentDefinitionDto, ExperimentDto } from './experiment.dto.js';
import { GetExperiment, ListExperiments } from './get-experiment.query.js';

@ApiController('v1/experiments', { tag: 'analytics', scope: 'read-sql' })
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
