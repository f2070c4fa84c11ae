import { Body, Get, HttpCode, NotFoundException, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiController } from '../access/api-controller.js';
import { WorkspaceId } from '../access/api-key.guard.js';
import { ProblemDto } from '../access/problem.dto.js';
import { ApiBeingErasedResponse } from '../privacy/being-erased.js';
import { RecordedDto } from '../commands/recorded.dto.js';
import { ProfileOptionsDto, ProfileParamsDto } from '../profiles/profile.dto.js';
import { ConsentsDto, ConsentsOptionsDto, RecordConsentDto } from './consents.dto.js';
import { GetConsents } from './get-consents.query.js';
import { RecordConsent } from './record-consent.command.js';

const notFound = 'No profile has this identifier.';

@ApiNotFoundResponse({ type: ProblemDto, description: notFound })
@ApiBeingErasedResponse()
@ApiController('v1/profiles/:identifier/consents', { tag: 'consents', input: 'field' })
export class ConsentsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What a person allows, on which ground, and where merged profiles disagree' })
  @ApiOkResponse({ type: ConsentsDto })
  async read(
    @WorkspaceId() workspaceId: string,
    @Param() { identifier }: ProfileParamsDto,
    @Query() { type, history }: ConsentsOptionsDto,
  ): Promise<ConsentsDto> {
    const address = { workspaceId, identifier, type };
    return found(await this.queries.execute(new GetConsents(address, history === 'true')));
  }

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Record what a person allows, denies or withdraws' })
  @ApiAcceptedResponse({ type: RecordedDto, description: 'It is on the log; no message leaves against it from now on' })
  async record(
    @WorkspaceId() workspaceId: string,
    @Param() { identifier }: ProfileParamsDto,
    @Query() { type }: ProfileOptionsDto,
    @Body() said: RecordConsentDto,
  ): Promise<RecordedDto> {
    const address = { workspaceId, identifier, type };
    return found(await this.commands.execute(new RecordConsent(address, said)));
  }
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new NotFoundException(notFound);
  return value;
}
