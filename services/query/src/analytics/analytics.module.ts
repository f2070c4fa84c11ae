import { Module } from '@nestjs/common';
import { AttributionController } from './attribution/attribution.controller.js';
import { GetAttributionHandler, ListAttributionsHandler } from './attribution/get-attribution.query.js';
import { ExperimentsController } from './experiments/experiments.controller.js';
import { GetExperimentHandler, ListExperimentsHandler } from './experiments/get-experiment.query.js';
import { WorkspacePeriods } from './workspace-periods.js';

/** What business asks of the analytics store, with the statistics that SQL does not have. */
@Module({
  controllers: [AttributionController, ExperimentsController],
  providers: [
    WorkspacePeriods,
    GetAttributionHandler,
    ListAttributionsHandler,
    GetExperimentHandler,
    ListExperimentsHandler,
  ],
})
export class AnalyticsModule {}
