import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { loadSql } from '@rapport/profile-db';
import { PLATFORM, type Platform } from '@rapport/runtime';
import type { AuditEntryDto, AuditOptionsDto } from './audit.dto.js';

const listEntries = loadSql(import.meta.url, 'list-entries');

/** Entries of the audit log, newest first. */
export class ListAudit extends Query<readonly AuditEntryDto[]> {
  constructor(
    readonly workspaceId: string,
    readonly options: AuditOptionsDto,
  ) {
    super();
  }
}

@QueryHandler(ListAudit)
export class ListAuditHandler implements IQueryHandler<ListAudit> {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  async execute({ workspaceId, options }: ListAudit): Promise<readonly AuditEntryDto[]> {
    const { target = null, action = null, actor = null, before = null, limit = 100 } = options;
    const values = [workspaceId, target, action, actor, before, limit];
    const { rows } = await this.platform.postgres.query<AuditEntryDto>(listEntries, values);
    return rows;
  }
}
