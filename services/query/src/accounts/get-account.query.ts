import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { JsonObject } from '@rapport/events';
import { storableText } from '@rapport/profile';
import { loadSql } from '@rapport/profile-db';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { searchProfiles, type Page } from '../search/search.store.js';
import type { AccountDto } from './accounts.dto.js';

const readAccount = loadSql(import.meta.url, 'read-account');
const countedMembers = 10_000;

interface AccountRow {
  readonly account_id: string;
  readonly traits: JsonObject;
  readonly first_seen_at: Date;
  readonly last_seen_at: Date;
  readonly members: number;
}

export class GetAccount extends Query<AccountDto | undefined> {
  constructor(
    readonly workspaceId: string,
    readonly id: string,
    readonly page: Page,
  ) {
    super();
  }
}

@QueryHandler(GetAccount)
export class GetAccountHandler implements IQueryHandler<GetAccount> {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  async execute({ workspaceId, id, page }: GetAccount): Promise<AccountDto | undefined> {
    const { postgres } = this.platform;
    const accountId = storableText(id);
    const values = [workspaceId, accountId, countedMembers];
    const { rows } = await postgres.query<AccountRow>({ name: 'query-read-account', text: readAccount, values });
    const [account] = rows;
    if (account === undefined) return undefined;
    return {
      accountId,
      traits: account.traits,
      firstSeenAt: account.first_seen_at.toISOString(),
      lastSeenAt: account.last_seen_at.toISOString(),
      memberCount: account.members,
      members: await searchProfiles(postgres, workspaceId, { name: 'account', value: accountId }, page),
    };
  }
}
