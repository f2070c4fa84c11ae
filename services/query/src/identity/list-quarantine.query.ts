import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { IdentityRules, RefusalReason } from '@rapport/identity';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { linkEndView } from './get-identity-graph.query.js';
import type { QuarantinedLinkDto } from './identity.dto.js';
import { IDENTITY_RULES } from './identity-rules.js';
import { readQuarantine } from './identity.store.js';
import { knownValues } from './known-values.js';

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
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(IDENTITY_RULES) private readonly rules: IdentityRules,
  ) {}

  async execute({ workspaceId, reason, limit }: ListQuarantine): Promise<readonly QuarantinedLinkDto[]> {
    const rows = await readQuarantine(this.platform.postgres, workspaceId, reason, limit);
    const profileIds = rows.flatMap(({ first, second }) => [first.profileId, second.profileId]);
    const values = await knownValues(this.platform, this.rules, workspaceId, profileIds);
    return rows.map(({ first, second, firstSeenAt, refusal }) => ({
      first: linkEndView(first, values),
      second: linkEndView(second, values),
      since: new Date(firstSeenAt).toISOString(),
      reason: refusal,
    }));
  }
}
