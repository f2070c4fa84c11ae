import { Get, NotFoundException, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiController } from '../access/api-controller.js';
import { WorkspaceId } from '../access/api-key.guard.js';
import { ProblemDto } from '../access/problem.dto.js';
import { ApiBeingErasedResponse } from '../privacy/being-erased.js';
import { ProfileOptionsDto, ProfileParamsDto } from '../profiles/profile.dto.js';
import { QuestionsDto } from '../profiles/relationship.dto.js';
import { GetQuestions } from './get-questions.query.js';

const notFound = 'No profile has this identifier; say "type" if it could be taken for another one.';

@ApiBeingErasedResponse()
@ApiController('v1/profiles/:identifier/next-question', { tag: 'profiles' })
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
