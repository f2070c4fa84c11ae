import { Body, Get, HttpCode, Inject, NotFoundException, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { Actor } from '../access/actor.js';
import { ApiController } from '../access/api-controller.js';
import { WorkspaceId } from '../access/api-key.guard.js';
import { ProblemDto } from '../access/problem.dto.js';
import { certificateKey, publicPartOf } from './certificate.js';
import { ErasureDto, ErasureParamsDto, RequestErasureDto } from './erasure.dto.js';
import { readErasure } from './erasure.store.js';
import { erasureView } from './erasure-view.js';
import { RequestErasure } from './request-erasure.command.js';

const nobody = 'No profile has this identifier; say "type" if it could be taken for another one.';

@ApiController('v1/erasures', { tag: 'privacy', scope: 'admin', input: 'field' })
export class ErasuresController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(PLATFORM) private readonly platform: Platform,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Erase a person everywhere; takes a little longer than keys are cached, which is a minute' })
  @ApiAcceptedResponse({ type: ErasureDto, description: 'The request is on the log and will be carried out' })
  @ApiNotFoundResponse({ type: ProblemDto, description: nobody })
  async request(
    @WorkspaceId() workspaceId: string,
    @Actor() actor: string,
    @Body() { identifier, type, suppress = 'imports' }: RequestErasureDto,
  ): Promise<ErasureDto> {
    const erasure = await this.commands.execute(new RequestErasure({ workspaceId, identifier, type }, actor, suppress));
    if (erasure === undefined) throw new NotFoundException(nobody);
    return erasure;
  }

  @Get('certificate-key')
  @ApiOperation({ summary: 'The public key that certificates of erasure are signed with, as a JWK' })
  @ApiOkResponse()
  key(): object {
    return publicPartOf(certificateKey(this.platform.config.secrets.hashKey));
  }

  @Get(':erasureId')
  @ApiOperation({ summary: 'How far an erasure is; its certificate once it is completed' })
  @ApiOkResponse({ type: ErasureDto })
  @ApiNotFoundResponse({ type: ProblemDto, description: 'There is no such erasure' })
  async erasure(@WorkspaceId() workspaceId: string, @Param() { erasureId }: ErasureParamsDto): Promise<ErasureDto> {
    const erasure = await readErasure(this.platform.postgres, workspaceId, erasureId);
    if (erasure === undefined) throw new NotFoundException('There is no erasure by this id.');
    return erasureView(erasure);
  }
}
