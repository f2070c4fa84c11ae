import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AccountingController } from './accounting/accounting.controller.js';
import { GetIntakeHandler } from './accounting/get-intake.query.js';
import { GetProfileHandler } from './profiles/get-profile.query.js';
import { GetTouchpointsHandler } from './profiles/get-touchpoints.query.js';
import { ProfilesController } from './profiles/profiles.controller.js';

/** The read side over HTTP. */
@Module({
  imports: [CqrsModule.forRoot()],
  controllers: [ProfilesController, AccountingController],
  providers: [GetProfileHandler, GetTouchpointsHandler, GetIntakeHandler],
})
export class QueryModule {}
