import { Get, NotFoundException, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiController } from '../access/api-controller.js';
import { WorkspaceId } from '../access/api-key.guard.js';
import { ProblemDto } from '../access/problem.dto.js';
import { ApiBeingErasedResponse } from '../privacy/being-erased.js';
import { ProfileParamsDto } from '../profiles/profile.dto.js';
import { GetTimeline } from './get-timeline.query.js';
import { TimelineDto, TimelineOptionsDto } from './timeline.dto.js';

const notFound = 'No profile has this identifier; say "type" if it could be taken for another one.';

@ApiBeingErasedResponse()
@ApiController('v1/profiles/:identifier/timeline', { tag: 'profiles' })
export class TimelineController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'All that a person did, newest first, a page at a time; about a second behind the log' })
  @ApiOkResponse({ type: TimelineDto })
  @ApiNotFoundResponse({ type: ProblemDto, description: notFound })
  async timeline(
    @WorkspaceId() workspaceId: string,
    @Param() { identifier }: ProfileParamsDto,
    @Query() { type, ...options }: TimelineOptionsDto,
  ): Promise<TimelineDto> {
    const timeline = await this.queries.execute(new GetTimeline({ workspaceId, identifier, type }, options));
    if (timeline === undefined) throw new NotFoundException(notFound);
    return timeline;
  }
}
