import { Controller, Get, Inject, Query, UseGuards, UsePipes, ValidationPipe } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  ApiBadRequestResponse,
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import { PLATFORM, verifyAudit, type Platform } from '@rapport/runtime';
import { ApiKeyGuard, RequireScope, WorkspaceId } from '../access/api-key.guard.js';
import { ProblemDto } from '../access/problem.dto.js';
import { AuditEntryDto, AuditOptionsDto, AuditVerificationDto } from './audit.dto.js';
import { ListAudit } from './list-audit.query.js';

@ApiTags('privacy')
@ApiBearerAuth()
@ApiUnauthorizedResponse({ type: ProblemDto, description: 'The API key is missing or not known' })
@ApiBadRequestResponse({ type: ProblemDto, description: 'A parameter is not what it should be' })
@RequireScope('admin')
@UseGuards(ApiKeyGuard)
@UsePipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }))
@Controller('v1/audit')
export class AuditController {
  constructor(
    private readonly queries: QueryBus,
    @Inject(PLATFORM) private readonly platform: Platform,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Who changed or read what, newest first' })
  @ApiOkResponse({ type: [AuditEntryDto] })
  list(@WorkspaceId() workspaceId: string, @Query() options: AuditOptionsDto): Promise<readonly AuditEntryDto[]> {
    return this.queries.execute(new ListAudit(workspaceId, options));
  }

  @Get('verification')
  @ApiOperation({ summary: 'Follows the chain of hashes from the first entry to the newest' })
  @ApiOkResponse({ type: AuditVerificationDto })
  verification(@WorkspaceId() workspaceId: string): Promise<AuditVerificationDto> {
    return verifyAudit(this.platform, workspaceId);
  }
}
