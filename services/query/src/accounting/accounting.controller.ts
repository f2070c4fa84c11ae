import { Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiController } from '../access/api-controller.js';
import { WorkspaceId } from '../access/api-key.guard.js';
import { GetIntake } from './get-intake.query.js';
import { IntakeDto, IntakePeriodDto } from './intake.dto.js';

@ApiController('v1/accounting', { tag: 'operations', scope: 'read-sql' })
export class AccountingController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'What became of the touchpoints received, by source and hour' })
  @ApiOkResponse({ type: [IntakeDto] })
  intake(@WorkspaceId() workspaceId: string, @Query() { from, to }: IntakePeriodDto): Promise<readonly IntakeDto[]> {
    return this.queries.execute(new GetIntake(workspaceId, from, to));
  }
}
