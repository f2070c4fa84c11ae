import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ProfileRules } from '@rapport/profile';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { PROFILE_RULES } from '../definitions/profile-rules.js';
import { findProfile, type ProfileAddress } from '../profiles/find-profile.js';
import { knownProfile } from '../profiles/known-profile.js';
import type { QuestionsDto } from '../profiles/relationship.dto.js';
import { questionsView } from '../profiles/relationship-view.js';

/** What to ask a person next, and what is unknown of them. */
export class GetQuestions extends Query<QuestionsDto | undefined> {
  constructor(readonly address: ProfileAddress) {
    super();
  }
}

@QueryHandler(GetQuestions)
export class GetQuestionsHandler implements IQueryHandler<GetQuestions> {
  constructor(
    @Inject(PLATFORM) private readonly platform: Platform,
    @Inject(PROFILE_RULES) private readonly rules: ProfileRules,
  ) {}

  async execute({ address }: GetQuestions): Promise<QuestionsDto | undefined> {
    const row = await findProfile(this.platform, address);
    return row && questionsView(knownProfile(row, null), { rules: this.rules, now: this.platform.clock() });
  }
}
