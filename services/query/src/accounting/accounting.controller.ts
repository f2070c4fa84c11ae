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
import { ApiKeyGuard, RequireScope, WorkspaceId } from '../access/api-key.guard.js';
import { ProblemDto } from '../access/problem.dto.js';
import { GetIntake } from './get-intake.query.js';
import { IntakeDto, IntakePeriodDto } from './intake.dto.js';

@ApiTags('operations')
@ApiBearerAuth()
@ApiUnauthorizedResponse({ type: ProblemDto, description: 'The API key is missing or not known' })
@ApiBadRequestResponse({ type: ProblemDto, description: 'A parameter is not what it should be' })
@RequireScope('read-sql')
@UseGuards(ApiKeyGuard)
@UsePipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }))
@Controller('v1/accounting')
export class AccountingController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'What became of the touchpoints received, by source and hour' })
  @ApiOkResponse({ type: [IntakeDto] })
  intake(@WorkspaceId() workspaceId: string, @Query() { from, to }: IntakePeriodDto): Promise<readonly IntakeDto[]> {
    return this.queries.execute(new GetIntake(workspaceId, from, to));
  }
}
