import { Module } from '@nestjs/common';
import { AttributionController } from './attribution/attribution.controller.js';
import { GetAttributionHandler, ListAttributionsHandler } from './attribution/get-attribution.query.js';
import { ExperimentsController } from './experiments/experiments.controller.js';
import { GetExperimentHandler, ListExperimentsHandler } from './experiments/get-experiment.query.js';
import { GetScorecardHandler } from './scorecard/get-scorecard.query.js';
import { ScorecardController } from './scorecard/scorecard.controller.js';
import { workspacesProvider } from '../definitions/workspaces.js';
import { WorkspacePeriods } from './workspace-periods.js';

/** What business asks of the analytics store, with the statistics that SQL does not have. */
@Module({
  controllers: [AttributionController, ExperimentsController, ScorecardController],
  providers: [
    workspacesProvider,
    WorkspacePeriods,
    GetAttributionHandler,
    ListAttributionsHandler,
    GetExperimentHandler,
    ListExperimentsHandler,
    GetScorecardHandler,
  ],
})
export class AnalyticsModule {}
