import { BadRequestException, Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { touchpointNames, type ConsentStatus, type JsonObject } from '@rapport/events';
import type { ConsentPolicy } from '@rapport/profile';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { recordedPerson } from '../commands/record-touchpoint.command.js';
import { TouchpointRecorder, type RecordedTouchpoint } from '../commands/touchpoint-recorder.js';
import { findProfile, type ProfileAddress } from '../profiles/find-profile.js';
import { CONSENT_POLICY } from './consent-policy.js';
import { loneProfilesIn } from './consents-view.js';
import type { RecordConsentDto } from './consents.dto.js';

/** Records what a person allows or refuses; `undefined` where nobody has the identifier. */
export class RecordConsent extends Command<RecordedTouchpoint | undefined> {
  constructor(
    readonly address: ProfileAddress,
    readonly said: RecordConsentDto,
  ) {
    super();
  }
}

@CommandHandler(RecordConsent)
export class RecordConsentHandler implements ICommandHandler<RecordConsent> {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(CONSENT_POLICY) private readonly policy: ConsentPolicy,
    @Inject(TouchpointRecorder) private readonly recorder: TouchpointRecorder,
  ) {}

  async execute({ address, said }: RecordConsent): Promise<RecordedTouchpoint | undefined> {
    this.refuseUndeclared(said);
    const row = await findProfile(this.platform, address);
    if (!row) return undefined;
    const { timestamp, messageId } = said;
    // Said of the whole person: it settles what profiles that were merged into it said before.
    const properties = { ...propertiesOf(said, this.policy), settles: loneProfilesIn(row) };
    const call = { type: 'track', event: consentEventOf(said.status), properties, timestamp, messageId } as const;
    return this.recorder.record(recordedPerson(address.workspaceId, row), call);
  }

  private refuseUndeclared({ purpose, channel, status }: RecordConsentDto): void {
    const purposes = this.policy.purposes.map(({ id }) => id);
    const known = status === 'granted' ? purposes : [...purposes, 'all'];
    if (!known.includes(purpose)) {
      throw new BadRequestException(`purpose: is not declared; say one of ${known.join(', ')}`);
    }
    const channels = this.policy.channels.map(({ id }) => id);
    if (channel !== undefined && !channels.includes(channel)) {
      throw new BadRequestException(`channel: is not declared; say one of ${channels.join(', ')}`);
    }
  }
}

function consentEventOf(status: ConsentStatus): string {
  const events: Readonly<Record<ConsentStatus, string>> = {
    granted: touchpointNames.consentGranted,
    denied: touchpointNames.consentDenied,
    withdrawn: touchpointNames.consentWithdrawn,
  };
  return events[status];
}

function propertiesOf(said: RecordConsentDto, policy: ConsentPolicy): JsonObject {
  const { purpose, channel, lawfulBasis, textVersion = policy.textVersion, expiresAt } = said;
  return {
    purpose,
    ...(channel === undefined ? {} : { channel }),
    ...(lawfulBasis === undefined ? {} : { lawful_basis: lawfulBasis }),
    text_version: textVersion,
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
  };
}
