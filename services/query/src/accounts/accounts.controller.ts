import { Get, NotFoundException, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiController } from '../access/api-controller.js';
import { WorkspaceId } from '../access/api-key.guard.js';
import { ProblemDto } from '../access/problem.dto.js';
import { defaultPageSize, PageOptionsDto } from '../paging/page.dto.js';
import { AccountDto, AccountParamsDto } from './accounts.dto.js';
import { GetAccount } from './get-account.query.js';

const notFound = 'No account has this id. Accounts are made by group calls; give the groupId as it was sent.';

@ApiController('v1/accounts', { tag: 'accounts' })
export class AccountsController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':id')
  @ApiOperation({ summary: 'An account with its traits and members' })
  @ApiOkResponse({ type: AccountDto })
  @ApiNotFoundResponse({ type: ProblemDto, description: notFound })
  async account(
    @WorkspaceId() workspaceId: string,
    @Param() { id }: AccountParamsDto,
    @Query() { limit = defaultPageSize, cursor }: PageOptionsDto,
  ): Promise<AccountDto> {
    const account = await this.queries.execute(new GetAccount(workspaceId, id, { limit, cursor }));
    if (account === undefined) throw new NotFoundException(notFound);
    return account;
  }
}
