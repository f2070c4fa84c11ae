import {
  Controller,
  Get,
  Header,
  NotFoundException,
  Param,
  Query,
  UseGuards,
  UsePipes,
  ValidationPipe,
} from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  ApiBadRequestResponse,
  ApiBearerAuth,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import { ApiKeyGuard, WorkspaceId } from '../../access/api-key.guard.js';
import { ProblemDto } from '../../access/problem.dto.js';
import type { ProfileAddress } from '../../profiles/find-profile.js';
import { ProfileOptionsDto, ProfileParamsDto } from '../../profiles/profile.dto.js';
import { exportPage } from './export-page.js';
import { ExportPerson } from './export-person.query.js';
import type { PersonExport } from './person-export.js';

const nobody = 'No profile has this identifier; say "type" if it could be taken for another one.';

@ApiTags('privacy')
@ApiBearerAuth()
@ApiUnauthorizedResponse({ type: ProblemDto, description: 'The API key is missing or not known' })
@ApiBadRequestResponse({ type: ProblemDto, description: 'A parameter is not what it should be' })
@ApiNotFoundResponse({ type: ProblemDto, description: nobody })
@UseGuards(ApiKeyGuard)
@UsePipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }))
@Controller('v1/profiles/:identifier')
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
