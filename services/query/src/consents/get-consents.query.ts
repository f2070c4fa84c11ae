import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ConsentPolicy } from '@rapport/profile';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { findProfile, type ProfileAddress } from '../profiles/find-profile.js';
import { CONSENT_POLICY } from './consent-policy.js';
import { readHistory } from './consent.store.js';
import { consentsView, loneProfilesIn } from './consents-view.js';
import type { ConsentsDto } from './consents.dto.js';

/** What a person allows, how they wish to be written to, and on what merged profiles disagree. */
export class GetConsents extends Query<ConsentsDto | undefined> {
  constructor(
    readonly address: ProfileAddress,
    readonly withHistory: boolean,
  ) {
    super();
  }
}

@QueryHandler(GetConsents)
export class GetConsentsHandler implements IQueryHandler<GetConsents> {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(CONSENT_POLICY) private readonly policy: ConsentPolicy,
  ) {}

  async execute({ address, withHistory }: GetConsents): Promise<ConsentsDto | undefined> {
    const row = await findProfile(this.platform, address);
    if (!row) return undefined;
    const view = { profileId: row.profile_id, ...consentsView(this.policy, row, this.platform.clock()) };
    if (!withHistory) return view;
    const history = await readHistory(this.platform.postgres, address.workspaceId, loneProfilesIn(row));
    return { ...view, history };
  }
}
