import type { ServiceModule } from '@rapport/runtime';
import { AnalyzeModule } from '@rapport/service-analyze';
import { CollectModule } from '@rapport/service-collect';
import { DeliverModule, OutboxModule } from '@rapport/service-deliver';
import { OrchestrateModule } from '@rapport/service-orchestrate';
import { ProfileModule } from '@rapport/service-profile';
import { QueryModule, SchemaRegistryModule } from '@rapport/service-query';
import { ResolveModule } from '@rapport/service-resolve';
import { ScoreModule } from '@rapport/service-score';
import { SegmentModule } from '@rapport/service-segment';

/** What answers HTTP: the collector and the read side, in the process that people and SDKs talk to. */
export const frontModules: readonly ServiceModule[] = [CollectModule, QueryModule, SchemaRegistryModule, OutboxModule];

/** Every consumer, in the order of the flow, in a process of its own. */
export const pipelineModules: readonly ServiceModule[] = [
  ResolveModule,
  ProfileModule,
  AnalyzeModule,
  SegmentModule,
  ScoreModule,
  OrchestrateModule,
  DeliverModule,
];
