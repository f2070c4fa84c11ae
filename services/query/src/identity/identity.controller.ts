import { BadRequestException, Body, Get, HttpCode, NotFoundException, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Actor } from '../access/actor.js';
import { ApiController } from '../access/api-controller.js';
import { WorkspaceId } from '../access/api-key.guard.js';
import { ProblemDto } from '../access/problem.dto.js';
import { ApiBeingErasedResponse } from '../privacy/being-erased.js';
import { LinkIdentifiers, SplitIdentifier, type Decided } from './decide-identity.command.js';
import { GetIdentityGraph } from './get-identity-graph.query.js';
import {
  DecisionDto,
  IdentifierParamsDto,
  IdentityGraphDto,
  LinkDto,
  LinkPreviewDto,
  PreviewOptionsDto,
  QuarantinedLinkDto,
  QuarantineOptionsDto,
  SplitDto,
} from './identity.dto.js';
import { ListQuarantine } from './list-quarantine.query.js';
import { PreviewLink } from './preview-link.query.js';

const nobody = 'The identity graph does not know this identifier. It may not have been seen, or not been resolved yet.';

@ApiBeingErasedResponse()
@ApiController('v1/identities', { tag: 'identities' })
export class IdentityController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Links in quarantine, newest first: what came together and was not joined, and why' })
  @ApiOkResponse({ type: [QuarantinedLinkDto] })
  quarantine(
    @WorkspaceId() workspaceId: string,
    @Query() { reason, limit = 100 }: QuarantineOptionsDto,
  ): Promise<readonly QuarantinedLinkDto[]> {
    return this.queries.execute(new ListQuarantine(workspaceId, reason, limit));
  }

  @Get(':identifier')
  @ApiOperation({ summary: 'The identity graph of a person, by any identifier' })
  @ApiOkResponse({ type: IdentityGraphDto })
  @ApiNotFoundResponse({ type: ProblemDto, description: nobody })
  async graph(
    @WorkspaceId() workspaceId: string,
    @Param() { identifier: text }: IdentifierParamsDto,
  ): Promise<IdentityGraphDto> {
    return found(await this.queries.execute(new GetIdentityGraph({ workspaceId, text })));
  }

  @Get(':identifier/preview')
  @ApiOperation({ summary: 'What a link with another identifier would do; nothing is changed' })
  @ApiOkResponse({ type: LinkPreviewDto })
  @ApiNotFoundResponse({ type: ProblemDto, description: nobody })
  async preview(
    @WorkspaceId() workspaceId: string,
    @Param() { identifier }: IdentifierParamsDto,
    @Query() { with: other }: PreviewOptionsDto,
  ): Promise<LinkPreviewDto> {
    return found(await this.queries.execute(new PreviewLink(workspaceId, identifier, other)));
  }

  @Post(':identifier/links')
  @HttpCode(202)
  @ApiOperation({ summary: 'Take two identifiers for one person, whatever the limits' })
  @ApiAcceptedResponse({ type: DecisionDto, description: 'The decision is on the log' })
  @ApiNotFoundResponse({ type: ProblemDto, description: nobody })
  async link(
    @WorkspaceId() workspaceId: string,
    @Actor() actor: string,
    @Param() { identifier }: IdentifierParamsDto,
    @Body() { with: other }: LinkDto,
  ): Promise<DecisionDto> {
    return decisionOf(await this.commands.execute(new LinkIdentifiers(workspaceId, identifier, other, actor)));
  }

  @Post(':identifier/splits')
  @HttpCode(202)
  @ApiOperation({ summary: 'Undo a wrong link: the identifier is somebody else, and stays so' })
  @ApiAcceptedResponse({ type: DecisionDto, description: 'The decision is on the log' })
  @ApiNotFoundResponse({ type: ProblemDto, description: nobody })
  async split(
    @WorkspaceId() workspaceId: string,
    @Actor() actor: string,
    @Param() { identifier }: IdentifierParamsDto,
    @Body() { from }: SplitDto,
  ): Promise<DecisionDto> {
    return decisionOf(await this.commands.execute(new SplitIdentifier(workspaceId, identifier, from, actor)));
  }
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new NotFoundException(nobody);
  return value;
}

function decisionOf(decided: Decided): DecisionDto {
  if ('decisionId' in decided) return decided;
  if ('unknown' in decided) throw new NotFoundException(`${nobody} (the ${decided.unknown} one)`);
  if ('sameIdentifier' in decided) {
    throw new BadRequestException('Both are one and the same identifier; name two.');
  }
  throw new BadRequestException('This identifier is linked with nothing; there is nothing to split.');
}
