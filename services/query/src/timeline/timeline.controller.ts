import { Controller, Get, NotFoundException, Param, Query, UseGuards, UsePipes, ValidationPipe } from '@nestjs/common';
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
import { ApiKeyGuard, WorkspaceId } from '../access/api-key.guard.js';
import { ProblemDto } from '../access/problem.dto.js';
import { ProfileParamsDto } from '../profiles/profile.dto.js';
import { GetTimeline } from './get-timeline.query.js';
import { TimelineDto, TimelineOptionsDto } from './timeline.dto.js';

const notFound = 'No profile has this identifier; say "type" if it could be taken for another one.';

@ApiTags('profiles')
@ApiBearerAuth()
@ApiUnauthorizedResponse({ type: ProblemDto, description: 'The API key is missing or not known' })
@ApiBadRequestResponse({ type: ProblemDto, description: 'A parameter is not what it should be' })
@UseGuards(ApiKeyGuard)
@UsePipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }))
@Controller('v1/profiles/:identifier/timeline')
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
