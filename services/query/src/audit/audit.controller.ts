import { Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { PLATFORM, verifyAudit, type Platform } from '@rapport/runtime';
import { ApiController } from '../access/api-controller.js';
import { WorkspaceId } from '../access/api-key.guard.js';
import { AuditEntryDto, AuditOptionsDto, AuditVerificationDto } from './audit.dto.js';
import { ListAudit } from './list-audit.query.js';

@ApiController('v1/audit', { tag: 'privacy', scope: 'admin' })
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
