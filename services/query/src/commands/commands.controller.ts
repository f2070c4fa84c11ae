import { Body, HttpCode, NotFoundException, Param, Post, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiNotFoundResponse, ApiOperation } from '@nestjs/swagger';
import { touchpointNames } from '@rapport/events';
import { ApiController } from '../access/api-controller.js';
import { WorkspaceId } from '../access/api-key.guard.js';
import { ProblemDto } from '../access/problem.dto.js';
import { ApiBeingErasedResponse } from '../privacy/being-erased.js';
import type { ProfileAddress } from '../profiles/find-profile.js';
import { ProfileOptionsDto, ProfileParamsDto } from '../profiles/profile.dto.js';
import { AssignOwnerDto, RecordTouchpointDto, SetTraitsDto } from './commands.dto.js';
import { RecordTouchpoint } from './record-touchpoint.command.js';
import { RecordedDto } from './recorded.dto.js';
import type { RecordedCall } from './touchpoint-recorder.js';

const notFound = 'No profile has this identifier. Somebody new is made known by sending a touchpoint to the collector.';

/** The write side: each command becomes a touchpoint on the log, and is answered once that is durable. */
@ApiAcceptedResponse({ type: RecordedDto, description: 'It is on the log; the profile shows it a moment later' })
@ApiNotFoundResponse({ type: ProblemDto, description: notFound })
@ApiBeingErasedResponse()
@ApiController('v1/profiles/:identifier', { tag: 'profiles', input: 'field' })
export class CommandsController {
  constructor(private readonly commands: CommandBus) {}

  @Post('traits')
  @HttpCode(202)
  @ApiOperation({ summary: 'Set traits of a person' })
  setTraits(
    @WorkspaceId() workspaceId: string,
    @Param() { identifier }: ProfileParamsDto,
    @Query() { type }: ProfileOptionsDto,
    @Body() command: SetTraitsDto,
  ): Promise<RecordedDto> {
    return this.record({ workspaceId, identifier, type }, { type: 'identify', ...command });
  }

  @Post('owner')
  @HttpCode(202)
  @ApiOperation({ summary: 'Say who owns the next step with a person' })
  assignOwner(
    @WorkspaceId() workspaceId: string,
    @Param() { identifier }: ProfileParamsDto,
    @Query() { type }: ProfileOptionsDto,
    @Body() { ownerId, ownerName, ...command }: AssignOwnerDto,
  ): Promise<RecordedDto> {
    const properties = { owner_id: ownerId, ...(ownerName === undefined ? {} : { owner_name: ownerName }) };
    const call: RecordedCall = { type: 'track', event: touchpointNames.ownerAssigned, properties, ...command };
    return this.record({ workspaceId, identifier, type }, call);
  }

  @Post('touchpoints')
  @HttpCode(202)
  @ApiOperation({ summary: 'Record something that happened with a person: a call, a meeting, a question asked' })
  recordTouchpoint(
    @WorkspaceId() workspaceId: string,
    @Param() { identifier }: ProfileParamsDto,
    @Query() { type }: ProfileOptionsDto,
    @Body() command: RecordTouchpointDto,
  ): Promise<RecordedDto> {
    return this.record({ workspaceId, identifier, type }, { type: 'track', ...command });
  }

  private async record(address: ProfileAddress, call: RecordedCall): Promise<RecordedDto> {
    const recorded = await this.commands.execute(new RecordTouchpoint(address, call));
    if (recorded === undefined) throw new NotFoundException(notFound);
    return recorded;
  }
}
