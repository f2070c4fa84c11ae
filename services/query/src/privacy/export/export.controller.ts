import { Get, Header, NotFoundException, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import { ApiController } from '../../access/api-controller.js';
import { WorkspaceId } from '../../access/api-key.guard.js';
import { ProblemDto } from '../../access/problem.dto.js';
import { ApiBeingErasedResponse } from '../being-erased.js';
import type { ProfileAddress } from '../../profiles/find-profile.js';
import { ProfileOptionsDto, ProfileParamsDto } from '../../profiles/profile.dto.js';
import { exportPage } from './export-page.js';
import { ExportPerson } from './export-person.query.js';
import type { PersonExport } from './person-export.js';

const nobody = 'No profile has this identifier; say "type" if it could be taken for another one.';

@ApiNotFoundResponse({ type: ProblemDto, description: nobody })
@ApiBeingErasedResponse()
@ApiController('v1/profiles/:identifier', { tag: 'privacy' })
export class ExportController {
  constructor(private readonly queries: QueryBus) {}

  @Get('export')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Everything about a person, for machines' })
  @ApiOkResponse({ description: 'A JSON document, see docs/privacy.md' })
  asJson(
    @WorkspaceId() workspaceId: string,
    @Param() { identifier }: ProfileParamsDto,
    @Query() { type }: ProfileOptionsDto,
  ): Promise<PersonExport> {
    return this.export({ workspaceId, identifier, type });
  }

  @Get('export.html')
  @Header('cache-control', 'no-store')
  @Header('content-type', 'text/html; charset=utf-8')
  @ApiProduces('text/html')
  @ApiOperation({ summary: 'Everything about a person, as one page for people' })
  @ApiOkResponse({ description: 'A page that needs nothing else' })
  async asPage(
    @WorkspaceId() workspaceId: string,
    @Param() { identifier }: ProfileParamsDto,
    @Query() { type }: ProfileOptionsDto,
  ): Promise<string> {
    return exportPage(await this.export({ workspaceId, identifier, type }));
  }

  private async export(address: ProfileAddress): Promise<PersonExport> {
    const found = await this.queries.execute(new ExportPerson(address));
    if (found === undefined) throw new NotFoundException(nobody);
    return found;
  }
}
