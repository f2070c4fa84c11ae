import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AccountingController } from './accounting/accounting.controller.js';
import { GetIntakeHandler } from './accounting/get-intake.query.js';
import { AnalyticsModule } from './analytics/analytics.module.js';
import { ConsentsModule } from './consents/consents.module.js';
import { DuplicatesModule } from './duplicates/duplicates.module.js';
import { PreferencesModule } from './preferences/preferences.module.js';
import { IdentityModule } from './identity/identity.module.js';
import { PrivacyModule } from './privacy/privacy.module.js';
import { ProfilesModule } from './profiles/profiles.module.js';
import { QualityModule } from './quality/quality.module.js';

/** The read side over HTTP, and the commands that become touchpoints. */
@Module({
  imports: [
    CqrsModule.forRoot(),
    AnalyticsModule,
    ConsentsModule,
    DuplicatesModule,
    IdentityModule,
    PreferencesModule,
    PrivacyModule,
    ProfilesModule,
    QualityModule,
  ],
  controllers: [AccountingController],
  providers: [GetIntakeHandler],
})
export class QueryModule {}
