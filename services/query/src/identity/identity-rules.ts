import type { FactoryProvider } from '@nestjs/common';
import type { IdentityRules } from '@rapport/identity';
import { loadIdentityRules, PLATFORM, type Platform } from '@rapport/runtime';

/** Nest injection token of the rules of identity resolution: `@Inject(IDENTITY_RULES) rules: IdentityRules`. */
export const IDENTITY_RULES = Symbol('rapport.identity-rules');

export const identityRulesProvider: FactoryProvider<IdentityRules> = {
  provide: IDENTITY_RULES,
  useFactory: (platform: Platform) => loadIdentityRules(platform.config),
  inject: [PLATFORM],
};
