import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { findProfile, type ProfileAddress } from './find-profile.js';
import type { TouchpointDto } from './profile.dto.js';
import { touchpointView } from './profile-view.js';
import { readContents } from './touchpoint-contents.js';

/** The newest touchpoints of a person, newest first. */
export class GetTouchpoints extends Query<readonly TouchpointDto[] | undefined> {
  constructor(
    readonly address: ProfileAddress,
    readonly limit: number,
    readonly withContent: boolean,
  ) {
    super();
  }
}

@QueryHandler(GetTouchpoints)
export class GetTouchpointsHandler implements IQueryHandler<GetTouchpoints> {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  async execute({ address, limit, withContent }: GetTouchpoints): Promise<readonly TouchpointDto[] | undefined> {
    const row = await findProfile(this.platform, address);
    if (!row) return undefined;
    const touchpoints = row.recent_touchpoints.slice(0, limit).map(touchpointView);
    if (!withContent) return touchpoints;
    const positions = touchpoints.map(({ position }) => position);
    const said = await readContents(this.platform, address.workspaceId, positions);
    return touchpoints.map((touchpoint, i) => ({ ...touchpoint, ...(said[i] ?? { content: null }) }));
  }
}
