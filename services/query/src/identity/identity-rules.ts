import type { FactoryProvider } from '@nestjs/common';
import type { IdentityRules } from '@rapport/identity';
import { loadIdentityRules, PLATFORM, type Platform } from '@rapport/runtime';

/** Nest injection token of the rules of identity resolution: `@Inject(IDENTITY_RULES) rules: IdentityRules`. */
export const IDENTITY_RULES = Symbol('rapport.identity-rules');

export const identityRulesProvider: FactoryProvider<IdentityRules> = {
  provide: IDENTITY_RULES,
  useFactory: (platform: Platform) => identityRulesOf(platform.config),
  inject: [PLATFORM],
};

const loaded = new WeakMap<Platform['config'], Promise<IdentityRules>>();

/** Read once for a configuration, for what is called with a platform and not made by Nest. */
export function identityRulesOf(config: Platform['config']): Promise<IdentityRules> {
  const known = loaded.get(config);
  if (known !== undefined) return known;
  const loading = loadIdentityRules(config);
  loaded.set(config, loading);
  return loading;
}
