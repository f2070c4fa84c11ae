import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AccountingController } from './accounting/accounting.controller.js';
import { GetIntakeHandler } from './accounting/get-intake.query.js';
import { AnalyticsModule } from './analytics/analytics.module.js';
import { CommandsController } from './commands/commands.controller.js';
import { RecordTouchpointHandler } from './commands/record-touchpoint.command.js';
import { TouchpointRecorder } from './commands/touchpoint-recorder.js';
import { ConsentsModule } from './consents/consents.module.js';
import { PreferencesModule } from './preferences/preferences.module.js';
import { PrivacyModule } from './privacy/privacy.module.js';
import { GetProfileHandler } from './profiles/get-profile.query.js';
import { GetTouchpointsHandler } from './profiles/get-touchpoints.query.js';
import { ProfilesController } from './profiles/profiles.controller.js';

/** The read side over HTTP, and the commands that become touchpoints. */
@Module({
  imports: [CqrsModule.forRoot(), AnalyticsModule, ConsentsModule, PreferencesModule, PrivacyModule],
  controllers: [ProfilesController, CommandsController, AccountingController],
  providers: [GetProfileHandler, GetTouchpointsHandler, GetIntakeHandler, RecordTouchpointHandler, TouchpointRecorder],
})
export class QueryModule {}
