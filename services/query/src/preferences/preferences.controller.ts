import { Body, Controller, Get, Header, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiConsumes, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { readForm } from './choices.js';
import { PreferenceCentre, type Visit } from './preference-centre.js';
import { gonePage, namesOf, preferencePage, unsubscribedPage, unsubscribePage } from './preference-page.js';

interface Reply {
  status(code: number): Reply;
  header(name: string, value: string): Reply;
  send(body: string): unknown;
}

const securityPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The token is all the page knows of a person, so it goes nowhere: no referrer, no cache, no index. */
const Page =
  (): MethodDecorator =>
  (...target) => {
    Header('content-security-policy', securityPolicy)(...target);
    Header('referrer-policy', 'no-referrer')(...target);
    Header('cache-control', 'no-store')(...target);
    Header('x-robots-tag', 'noindex')(...target);
    ApiOkResponse({ content: { 'text/html': {} } })(...target);
    ApiNotFoundResponse({ description: 'The link is not valid any more', content: { 'text/html': {} } })(...target);
  };

/** Pages for the people themselves, behind the signed link of a message. They work without JavaScript. */
@ApiTags('preferences')
@Controller()
export class PreferencesController {
  constructor(@Inject(PreferenceCentre) private readonly centre: PreferenceCentre) {}

  @Get('preferences/:token')
  @Page()
  @ApiOperation({ summary: 'What a person receives, as a page' })
  @ApiQuery({ name: 'saved', required: false, description: 'Says on the page that the choices are saved' })
  async preferences(
    @Param('token') token: string,
    @Query('saved') saved: string | undefined,
    @Res() reply: Reply,
  ): Promise<void> {
    const isSaved = saved !== undefined;
    await this.answer(reply, token, async ({ row }) => {
      const now = isSaved ? ((await this.centre.visitOfSaved(token))?.row ?? row) : row;
      return preferencePage(this.centre.policy, now, this.centre.now, isSaved);
    });
  }

  @Post('preferences/:token')
  @Page()
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiOperation({ summary: 'Saves what a person chose: on, frequency, pause, action' })
  async save(@Param('token') token: string, @Body() body: unknown, @Res() reply: Reply): Promise<void> {
    const visit = await this.centre.visit(token);
    if (visit === undefined) return this.gone(reply);
    await this.centre.save(visit, readForm(body));
    reply.status(303).header('location', `${token}?saved`).send('');
  }

  @Get('unsubscribe/:token')
  @Page()
  @ApiOperation({ summary: 'Asks before it unsubscribes: mail scanners follow links' })
  async askToUnsubscribe(@Param('token') token: string, @Res() reply: Reply): Promise<void> {
    await this.answer(reply, token, (visit) => unsubscribePage(this.pageOf(token, visit)));
  }

  @Post('unsubscribe/:token')
  @Page()
  @ApiConsumes('application/x-www-form-urlencoded', 'multipart/form-data')
  @ApiOperation({ summary: 'Unsubscribes by one click (RFC 8058) from messages like the one that carried the link' })
  async unsubscribe(@Param('token') token: string, @Res() reply: Reply): Promise<void> {
    await this.answer(reply, token, async (visit) => {
      await this.centre.unsubscribe(visit);
      return unsubscribedPage(this.pageOf(token, visit));
    });
  }

  private pageOf(token: string, { link }: Visit) {
    return { ...namesOf(this.centre.policy, link), preferencesUrl: `../preferences/${token}` };
  }

  private async answer(reply: Reply, token: string, page: (visit: Visit) => string | Promise<string>): Promise<void> {
    const visit = await this.centre.visit(token);
    if (visit === undefined) return this.gone(reply);
    const html = await page(visit);
    reply.status(200).header('content-type', 'text/html; charset=utf-8').send(html);
  }

  private gone(reply: Reply): void {
    reply.status(404).header('content-type', 'text/html; charset=utf-8').send(gonePage());
  }
}
