import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ConsentPolicy, ProfileRules } from '@rapport/profile';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { CONSENT_POLICY } from '../consents/consent-policy.js';
import { standingsOf } from '../consents/consents-view.js';
import { PROFILE_RULES } from '../definitions/profile-rules.js';
import { identityRulesOf } from '../identity/identity-rules.js';
import { findProfile, type ProfileAddress } from './find-profile.js';
import { identifiersView } from './identifiers-view.js';
import type { ProfileDto } from './profile.dto.js';
import { profileView } from './profile-view.js';

export class GetProfile extends Query<ProfileDto | undefined> {
  constructor(readonly address: ProfileAddress) {
    super();
  }
}

@QueryHandler(GetProfile)
export class GetProfileHandler implements IQueryHandler<GetProfile> {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(CONSENT_POLICY) private readonly policy: ConsentPolicy,
    @Inject(PROFILE_RULES) private readonly rules: ProfileRules,
  ) {}

  async execute({ address }: GetProfile): Promise<ProfileDto | undefined> {
    const row = await findProfile(this.platform, address);
    if (!row) return undefined;
    const now = this.platform.clock();
    const standings = standingsOf(this.policy, row, now);
    const { revenue, purchases } = row;
    return profileView(row, {
      workspaceId: address.workspaceId,
      now,
      rules: this.rules,
      revenue,
      purchases,
      standings,
      identifiers: identifiersView(row.identifiers, row.identifier_hashes, {
        vault: this.platform.vault,
        rules: await identityRulesOf(this.platform.config),
        workspaceId: address.workspaceId,
      }),
    });
  }
}
