import { Module } from '@nestjs/common';
import { SuppressionList } from '@rapport/event-log';
import { PLATFORM, type Platform } from '@rapport/runtime';
import { TouchpointRecorder } from '../commands/touchpoint-recorder.js';
import { identityRulesProvider } from '../identity/identity-rules.js';
import { SuppressionsController } from '../suppressions/suppressions.controller.js';
import { CONSENT_POLICY, consentPolicyProvider } from './consent-policy.js';
import { ConsentsController } from './consents.controller.js';
import { GetConsentsHandler } from './get-consents.query.js';
import { RecordConsentHandler } from './record-consent.command.js';

/** What people allow, how they wish to be written to, and whom nobody may write to. */
@Module({
  controllers: [ConsentsController, SuppressionsController],
  providers: [
    { provide: SuppressionList, useFactory: (platform: Platform) => new SuppressionList(platform), inject: [PLATFORM] },
    consentPolicyProvider,
    identityRulesProvider,
    TouchpointRecorder,
    GetConsentsHandler,
    RecordConsentHandler,
  ],
  exports: [CONSENT_POLICY, SuppressionList],
})
export class ConsentsModule {}
