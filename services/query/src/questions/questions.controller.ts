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
import { ProfileOptionsDto, ProfileParamsDto } from '../profiles/profile.dto.js';
import { QuestionsDto } from '../profiles/relationship.dto.js';
import { GetQuestions } from './get-questions.query.js';

const notFound = 'No profile has this identifier; say "type" if it could be taken for another one.';

@ApiTags('profiles')
@ApiBearerAuth()
@ApiUnauthorizedResponse({ type: ProblemDto, description: 'The API key is missing or not known' })
@ApiBadRequestResponse({ type: ProblemDto, description: 'A parameter is not what it should be' })
@UseGuards(ApiKeyGuard)
@UsePipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }))
@Controller('v1/profiles/:identifier/next-question')
export class QuestionsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'What to ask a person next, by priority, what is unknown and when it was last asked' })
  @ApiOkResponse({ type: QuestionsDto })
  @ApiNotFoundResponse({ type: ProblemDto, description: notFound })
  async nextQuestion(
    @WorkspaceId() workspaceId: string,
    @Param() { identifier }: ProfileParamsDto,
    @Query() { type }: ProfileOptionsDto,
  ): Promise<QuestionsDto> {
    const questions = await this.queries.execute(new GetQuestions({ workspaceId, identifier, type }));
    if (questions === undefined) throw new NotFoundException(notFound);
    return questions;
  }
}
