import type { FactoryProvider } from '@nestjs/common';
import type { ProfileRules } from '@rapport/profile';
import { loadProfileRules, PLATFORM, type Platform } from '@rapport/runtime';

/** Nest injection token of how profiles are put together: `@Inject(PROFILE_RULES) rules: ProfileRules`. */
export const PROFILE_RULES = Symbol('rapport.profile-rules');

export const profileRulesProvider: FactoryProvider<ProfileRules> = {
  provide: PROFILE_RULES,
  useFactory: (platform: Platform) => loadProfileRules(platform.config),
  inject: [PLATFORM],
};
