import { Controller, Get, Header, Inject, Query, Req, UnauthorizedException } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ApiKeys, PLATFORM, type Platform } from '@rapport/runtime';
import { outboxOf, type Visitor } from './outbox-access.js';
import { outboxPage } from './outbox-page.js';
import { readOutbox, type OutboxEntry } from './outbox.store.js';

const shownByDefault = 100;
const shownAtMost = 1000;

@ApiTags('outbox')
@ApiBearerAuth()
@Controller()
export class OutboxController {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(ApiKeys) private readonly keys: ApiKeys,
  ) {}

  @Get('outbox')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'The messages that were sent, as a page' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', maximum: shownAtMost } })
  @ApiOkResponse({ content: { 'text/html': {} } })
  async page(@Req() visitor: Visitor, @Query('limit') limit?: string): Promise<string> {
    return outboxPage(await this.read(visitor, limit));
  }

  @Get('outbox.json')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'The messages that were sent: how many, and the newest' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', maximum: shownAtMost } })
  @ApiOkResponse()
  json(
    @Req() visitor: Visitor,
    @Query('limit') limit?: string,
  ): Promise<{ readonly sent: number; readonly entries: readonly OutboxEntry[] }> {
    return this.read(visitor, limit);
  }

  private async read(visitor: Visitor, limit: string | undefined) {
    const isEmbedded = this.platform.config.eventLog.kind === 'embedded';
    const workspaceId = await outboxOf(visitor, this.keys, isEmbedded);
    if (workspaceId === undefined) {
      throw new UnauthorizedException('Show the API key: send the header "Authorization: Bearer <API key>".');
    }
    const wanted = Number(limit ?? shownByDefault);
    const shown = Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, shownAtMost) : shownByDefault;
    return readOutbox(this.platform, workspaceId, shown);
  }
}
