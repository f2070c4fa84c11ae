import { Get, HttpCode, NotFoundException, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Actor } from '../access/actor.js';
import { ApiController } from '../access/api-controller.js';
import { WorkspaceId } from '../access/api-key.guard.js';
import { ProblemDto } from '../access/problem.dto.js';
import { DuplicateDecisionDto, DuplicateParamsDto, DuplicatesDto, DuplicatesOptionsDto } from './duplicates.dto.js';
import { ListDuplicates } from './list-duplicates.query.js';
import { ReviewDuplicate, type Verdict } from './review-duplicate.command.js';

const notFound = 'No open suggestion has this id; list them with GET /v1/duplicates.';

@ApiController('v1/duplicates', { tag: 'identities' })
export class DuplicatesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Profiles that are probably one person, and why' })
  @ApiOkResponse({ type: DuplicatesDto })
  list(@WorkspaceId() workspaceId: string, @Query() { limit }: DuplicatesOptionsDto): Promise<DuplicatesDto> {
    return this.queries.execute(new ListDuplicates(workspaceId, limit));
  }

  @Post(':id/accepted')
  @HttpCode(202)
  @ApiOperation({ summary: 'They are one person' })
  @ApiAcceptedResponse({
    type: DuplicateDecisionDto,
    description: 'On the log; the profiles become one a moment later',
  })
  @ApiNotFoundResponse({ type: ProblemDto, description: notFound })
  accept(@WorkspaceId() workspaceId: string, @Actor() actor: string, @Param() { id }: DuplicateParamsDto) {
    return this.review(workspaceId, id, 'accepted', actor);
  }

  @Post(':id/refused')
  @HttpCode(202)
  @ApiOperation({ summary: 'They are two; the suggestion does not come again' })
  @ApiAcceptedResponse({ type: DuplicateDecisionDto, description: 'On the log' })
  @ApiNotFoundResponse({ type: ProblemDto, description: notFound })
  refuse(@WorkspaceId() workspaceId: string, @Actor() actor: string, @Param() { id }: DuplicateParamsDto) {
    return this.review(workspaceId, id, 'refused', actor);
  }

  private async review(
    workspaceId: string,
    id: string,
    verdict: Verdict,
    decidedBy: string,
  ): Promise<DuplicateDecisionDto> {
    const decision = await this.commands.execute(new ReviewDuplicate(workspaceId, id, verdict, decidedBy));
    if (decision === undefined) throw new NotFoundException(notFound);
    return decision;
  }
}
