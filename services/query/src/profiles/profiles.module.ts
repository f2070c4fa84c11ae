import { Module } from '@nestjs/common';
import { AccountsController } from '../accounts/accounts.controller.js';
import { GetAccountHandler } from '../accounts/get-account.query.js';
import { GetProfileAsOfHandler } from '../as-of/get-profile-as-of.query.js';
import { CommandsController } from '../commands/commands.controller.js';
import { RecordTouchpointHandler } from '../commands/record-touchpoint.command.js';
import { TouchpointRecorder } from '../commands/touchpoint-recorder.js';
import { ConsentsModule } from '../consents/consents.module.js';
import { PROFILE_RULES, profileRulesProvider } from '../definitions/profile-rules.js';
import { workspacesProvider } from '../definitions/workspaces.js';
import { GetQuestionsHandler } from '../questions/get-questions.query.js';
import { QuestionsController } from '../questions/questions.controller.js';
import { SearchController } from '../search/search.controller.js';
import { SearchProfilesHandler } from '../search/search-profiles.query.js';
import { GetTimelineHandler } from '../timeline/get-timeline.query.js';
import { TimelineController } from '../timeline/timeline.controller.js';
import { GetProfileHandler } from './get-profile.query.js';
import { GetTouchpointsHandler } from './get-touchpoints.query.js';
import { ProfilesController } from './profiles.controller.js';

/** People and accounts: what is known of them, and the commands that add to it. */
@Module({
  imports: [ConsentsModule],
  controllers: [
    SearchController,
    ProfilesController,
    TimelineController,
    QuestionsController,
    AccountsController,
    CommandsController,
  ],
  providers: [
    profileRulesProvider,
    workspacesProvider,
    TouchpointRecorder,
    GetProfileHandler,
    GetProfileAsOfHandler,
    GetTouchpointsHandler,
    GetTimelineHandler,
    GetQuestionsHandler,
    SearchProfilesHandler,
    GetAccountHandler,
    RecordTouchpointHandler,
  ],
  exports: [PROFILE_RULES],
})
export class ProfilesModule {}
