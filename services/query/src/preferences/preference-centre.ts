import { Inject, Injectable } from '@nestjs/common';
import { touchpointNames, type JsonObject } from '@rapport/events';
import type { ConsentPolicy } from '@rapport/profile';
import {
  caughtUpWith,
  createPreferenceTokens,
  linkLifetimeMs,
  PLATFORM,
  type Platform,
  type PreferenceLink,
  type PreferenceTokens,
} from '@rapport/runtime';
import { recordedPerson } from '../commands/record-touchpoint.command.js';
import { TouchpointRecorder, type RecordedCall } from '../commands/touchpoint-recorder.js';
import { CONSENT_POLICY } from '../consents/consent-policy.js';
import { loneProfilesIn } from '../consents/consents-view.js';
import { readProfile, type ProfileRow } from '../profiles/profile.store.js';
import { callsOf, type SentForm } from './choices.js';
import type { PreferenceLinkDto } from './preference-links.dto.js';

/** Whom a valid link is about. */
export interface Visit {
  readonly link: PreferenceLink;
  readonly row: ProfileRow;
}

/** Until the page shows it; what was saved counts whether or not the page waited long enough to show it. */
const showsWithinMs = 5_000;

@Injectable()
export class PreferenceCentre {
  private readonly tokens: PreferenceTokens;

  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(CONSENT_POLICY) readonly policy: ConsentPolicy,
    @Inject(TouchpointRecorder) private readonly recorder: TouchpointRecorder,
  ) {
    this.tokens = createPreferenceTokens(platform.config.secrets.hashKey);
  }

  get now(): number {
    return this.platform.clock();
  }

  /** `undefined` where the link is not ours, has expired, or the person is not known any more. */
  async visit(token: string): Promise<Visit | undefined> {
    const link = await this.tokens.read(token, this.now);
    if (link === undefined) return undefined;
    const row = await readProfile(this.platform.reads, link.workspaceId, link.profileId);
    return row && { link, row };
  }

  /** Links of the same kind as those in messages. */
  async sign(link: PreferenceLink): Promise<PreferenceLinkDto> {
    const { now } = this;
    const token = await this.tokens.sign(link, now);
    const { publicUrl } = this.platform.config;
    return {
      profileId: link.profileId,
      preferencesUrl: `${publicUrl}/preferences/${token}`,
      unsubscribeUrl: `${publicUrl}/unsubscribe/${token}`,
      expiresAt: new Date(now + linkLifetimeMs).toISOString(),
    };
  }

  async save({ link, row }: Visit, form: SentForm): Promise<void> {
    for (const call of callsOf(this.policy, row, form, this.now)) await this.record(link, row, call);
  }

  async unsubscribe({ link, row }: Visit): Promise<void> {
    const { purpose, channel, deliveryId } = link;
    const carrier: JsonObject = deliveryId === '' ? {} : { delivery_id: deliveryId };
    const about = { purpose, channel, ...carrier, text_version: this.policy.textVersion };
    const properties = { ...about, settles: loneProfilesIn(row) };
    await this.record(link, row, { type: 'track', event: touchpointNames.unsubscribed, properties });
  }

  /** As it stands once all that is on the log now can be seen, or after a few seconds. */
  async visitOfSaved(token: string): Promise<Visit | undefined> {
    const isResolved = await caughtUpWith(this.platform, 'resolve', ['touchpoints'], showsWithinMs);
    if (isResolved) await caughtUpWith(this.platform, 'profile', ['profile-touchpoints', 'identities'], showsWithinMs);
    return this.visit(token);
  }

  private async record({ workspaceId }: PreferenceLink, row: ProfileRow, call: RecordedCall): Promise<void> {
    await this.recorder.record(recordedPerson(workspaceId, row), call);
  }
}
