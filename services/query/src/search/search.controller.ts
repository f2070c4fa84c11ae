import { Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiController } from '../access/api-controller.js';
import { WorkspaceId } from '../access/api-key.guard.js';
import { SearchProfiles } from './search-profiles.query.js';
import { FoundProfilesDto, SearchOptionsDto } from './search.dto.js';

@ApiController('v1/profiles', { tag: 'profiles' })
export class SearchController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'The people who have a trait, a computed trait or a lifecycle stage' })
  @ApiOkResponse({ type: FoundProfilesDto })
  search(@WorkspaceId() workspaceId: string, @Query() options: SearchOptionsDto): Promise<FoundProfilesDto> {
    return this.queries.execute(new SearchProfiles(workspaceId, options));
  }
}
