import type { FactoryProvider } from '@nestjs/common';
import type { ConsentPolicy } from '@rapport/profile';
import { loadConsentPolicy, PLATFORM, type Platform } from '@rapport/runtime';

/** Nest injection token of what people are asked: `@Inject(CONSENT_POLICY) policy: ConsentPolicy`. */
export const CONSENT_POLICY = Symbol('rapport.consent-policy');

export const consentPolicyProvider: FactoryProvider<ConsentPolicy> = {
  provide: CONSENT_POLICY,
  useFactory: (platform: Platform) => loadConsentPolicy(platform.config),
  inject: [PLATFORM],
};
