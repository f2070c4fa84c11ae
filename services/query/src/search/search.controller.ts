import { Controller, Get, Query, UseGuards, UsePipes, ValidationPipe } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  ApiBadRequestResponse,
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import { ApiKeyGuard, WorkspaceId } from '../access/api-key.guard.js';
import { ProblemDto } from '../access/problem.dto.js';
import { SearchProfiles } from './search-profiles.query.js';
import { FoundProfilesDto, SearchOptionsDto } from './search.dto.js';

@ApiTags('profiles')
@ApiBearerAuth()
@ApiUnauthorizedResponse({ type: ProblemDto, description: 'The API key is missing or not known' })
@ApiBadRequestResponse({ type: ProblemDto, description: 'A parameter is not what it should be' })
@UseGuards(ApiKeyGuard)
@UsePipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }))
@Controller('v1/profiles')
export class SearchController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'The people who have a trait, a computed trait or a lifecycle stage' })
  @ApiOkResponse({ type: FoundProfilesDto })
  search(@WorkspaceId() workspaceId: string, @Query() options: SearchOptionsDto): Promise<FoundProfilesDto> {
    return this.queries.execute(new SearchProfiles(workspaceId, options));
  }
}
