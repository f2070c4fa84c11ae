import { Get, NotFoundException, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiController } from '../access/api-controller.js';
import { WorkspaceId } from '../access/api-key.guard.js';
import { ProblemDto } from '../access/problem.dto.js';
import { ApiBeingErasedResponse } from '../privacy/being-erased.js';
import { GetProfileAsOf } from '../as-of/get-profile-as-of.query.js';
import { GetProfile } from './get-profile.query.js';
import { GetTouchpoints } from './get-touchpoints.query.js';
import {
  ProfileDto,
  ProfileAsOfOptionsDto,
  ProfileParamsDto,
  TouchpointDto,
  TouchpointsOptionsDto,
} from './profile.dto.js';

const notFound =
  'No profile has this identifier. It may not have been seen, or not been resolved yet; say "type" if it could be taken for another one.';

@ApiBeingErasedResponse()
@ApiController('v1/profiles', { tag: 'profiles' })
export class ProfilesController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':identifier')
  @ApiOperation({ summary: 'The single customer view of a person, by any identifier' })
  @ApiOkResponse({ type: ProfileDto })
  @ApiNotFoundResponse({ type: ProblemDto, description: notFound })
  async profile(
    @WorkspaceId() workspaceId: string,
    @Param() { identifier }: ProfileParamsDto,
    @Query() { type, asOf }: ProfileAsOfOptionsDto,
  ): Promise<ProfileDto> {
    const address = { workspaceId, identifier, type };
    const query = asOf === undefined ? new GetProfile(address) : new GetProfileAsOf(address, Date.parse(asOf));
    return found(await this.queries.execute(query));
  }

  @Get(':identifier/touchpoints')
  @ApiOperation({ summary: 'The newest touchpoints of a person, newest first' })
  @ApiOkResponse({ type: [TouchpointDto] })
  @ApiNotFoundResponse({ type: ProblemDto, description: notFound })
  async touchpoints(
    @WorkspaceId() workspaceId: string,
    @Param() { identifier }: ProfileParamsDto,
    @Query() { type, limit = 20, content }: TouchpointsOptionsDto,
  ): Promise<readonly TouchpointDto[]> {
    const address = { workspaceId, identifier, type };
    return found(await this.queries.execute(new GetTouchpoints(address, limit, content === 'true')));
  }
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new NotFoundException(notFound);
  return value;
}
