import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { findProfile, type ProfileAddress } from '../profiles/find-profile.js';
import type { ProfileRow } from '../profiles/profile.store.js';
import {
  TouchpointRecorder,
  type RecordedCall,
  type RecordedPerson,
  type RecordedTouchpoint,
} from './touchpoint-recorder.js';

/** Records something about a person who is known already; `undefined` where nobody has the identifier. */
export class RecordTouchpoint extends Command<RecordedTouchpoint | undefined> {
  constructor(
    readonly address: ProfileAddress,
    readonly call: RecordedCall,
  ) {
    super();
  }
}

@CommandHandler(RecordTouchpoint)
export class RecordTouchpointHandler implements ICommandHandler<RecordTouchpoint> {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(TouchpointRecorder) private readonly recorder: TouchpointRecorder,
  ) {}

  async execute({ address, call }: RecordTouchpoint): Promise<RecordedTouchpoint | undefined> {
    const profile = await findProfile(this.platform, address);
    return profile && this.recorder.record(recordedPerson(address.workspaceId, profile), call);
  }
}

/** How a touchpoint names the person of a profile. */
export function recordedPerson(workspaceId: string, { profile_id, identifiers }: ProfileRow): RecordedPerson {
  for (const type of ['userId', 'anonymousId'] as const) {
    const value = identifiers[type]?.[0]?.[0];
    if (value !== undefined) return { workspaceId, profileId: profile_id, identifier: { type, value } };
  }
  return { workspaceId, profileId: profile_id };
}
