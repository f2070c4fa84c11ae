import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { defaultPageSize } from '../paging/page.dto.js';
import { findProfile, type ProfileAddress } from '../profiles/find-profile.js';
import { readContents } from '../profiles/touchpoint-contents.js';
import type { TimelineDto, TimelineOptionsDto } from './timeline.dto.js';
import { earliestTime, latestTime, readTimeline } from './timeline.store.js';

const maxWithContent = 50;

/** All that a person did, newest first, a page at a time. */
export class GetTimeline extends Query<TimelineDto | undefined> {
  constructor(
    readonly address: ProfileAddress,
    readonly options: Omit<TimelineOptionsDto, 'type'>,
  ) {
    super();
  }
}

@QueryHandler(GetTimeline)
export class GetTimelineHandler implements IQueryHandler<GetTimeline> {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  async execute({ address, options }: GetTimeline): Promise<TimelineDto | undefined> {
    const { touchpointType: types = [], event: events = [], from, to, cursor, content } = options;
    const { workspaceId } = address;
    const profile = await findProfile(this.platform, address);
    if (profile === undefined) return undefined;
    const wanted = options.limit ?? defaultPageSize;
    const page = await readTimeline(
      this.platform.clickhouse,
      { workspaceId, profileId: profile.profile_id },
      { types, events, from: timeOf(from, earliestTime), to: timeOf(to, latestTime) },
      { limit: content === 'true' ? Math.min(wanted, maxWithContent) : wanted, cursor },
    );
    if (content !== 'true') return page;
    const positions = page.items.map(({ position }) => position);
    const said = await readContents(this.platform, workspaceId, positions);
    return { ...page, items: page.items.map((item, i) => ({ ...item, ...(said[i] ?? { content: null }) })) };
  }
}

function timeOf(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : Math.min(Math.max(Date.parse(text), earliestTime), latestTime);
}
