import { Module } from '@nestjs/common';
import { ConsumerModule, TimerModule } from '@rapport/runtime';
import { orchestrateConsumer } from './orchestrate.consumer.js';

@Module({ imports: [ConsumerModule.for(orchestrateConsumer), TimerModule.for('orchestrate')] })
export class OrchestrateModule {}
