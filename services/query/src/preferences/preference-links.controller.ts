import { BadRequestException, Body, HttpCode, Inject, NotFoundException, Param, Post, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { ApiController } from '../access/api-controller.js';
import { WorkspaceId } from '../access/api-key.guard.js';
import { ProblemDto } from '../access/problem.dto.js';
import { ApiBeingErasedResponse } from '../privacy/being-erased.js';
import { findProfile } from '../profiles/find-profile.js';
import { ProfileOptionsDto, ProfileParamsDto } from '../profiles/profile.dto.js';
import { PreferenceCentre } from './preference-centre.js';
import { PreferenceLinkDto, RequestPreferenceLinkDto } from './preference-links.dto.js';

const nobody = 'No profile has this identifier; say "type" if it could be taken for another one.';

/** Links for messages and pages that are not Rapport's own. */
@ApiNotFoundResponse({ type: ProblemDto, description: nobody })
@ApiBeingErasedResponse()
@ApiController('v1/profiles/:identifier/preference-links', { tag: 'preferences', input: 'field' })
export class PreferenceLinksController {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(PreferenceCentre) private readonly centre: PreferenceCentre,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Sign a link to the preference centre of a person; nothing is kept of it' })
  @ApiOkResponse({ type: PreferenceLinkDto })
  async sign(
    @WorkspaceId() workspaceId: string,
    @Param() { identifier }: ProfileParamsDto,
    @Query() { type }: ProfileOptionsDto,
    @Body() { purpose = 'all', channel = 'all' }: RequestPreferenceLinkDto,
  ): Promise<PreferenceLinkDto> {
    const { purposes, channels } = this.centre.policy;
    refuseUndeclared('purpose', purpose, purposes);
    refuseUndeclared('channel', channel, channels);
    const row = await findProfile(this.platform, { workspaceId, identifier, type });
    if (row === undefined) throw new NotFoundException(nobody);
    return this.centre.sign({ workspaceId, profileId: row.profile_id, purpose, channel, deliveryId: '' });
  }
}

function refuseUndeclared(field: string, name: string, declared: readonly { readonly id: string }[]): void {
  const known = [...declared.map(({ id }) => id), 'all'];
  if (!known.includes(name)) {
    throw new BadRequestException(`${field}: is not declared; say one of ${known.join(', ')}`);
  }
}
