import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { RefusalReason } from '@rapport/identity';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { linkEndView } from './get-identity-graph.query.js';
import type { QuarantinedLinkDto } from './identity.dto.js';
import { readQuarantine } from './identity.store.js';

/** Links of a workspace that do not join, newest first. */
export class ListQuarantine extends Query<readonly QuarantinedLinkDto[]> {
  constructor(
    readonly workspaceId: string,
    readonly reason: RefusalReason | undefined,
    readonly limit: number,
  ) {
    super();
  }
}

@QueryHandler(ListQuarantine)
export class ListQuarantineHandler implements IQueryHandler<ListQuarantine> {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  async execute({ workspaceId, reason, limit }: ListQuarantine): Promise<readonly QuarantinedLinkDto[]> {
    const rows = await readQuarantine(this.platform.postgres, workspaceId, reason, limit);
    return rows.map(({ first, second, firstSeenAt, refusal }) => ({
      first: linkEndView(first, new Map()),
      second: linkEndView(second, new Map()),
      since: new Date(firstSeenAt).toISOString(),
      reason: refusal,
    }));
  }
}
