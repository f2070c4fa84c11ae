import { Module } from '@nestjs/common';
import { ConsumerModule } from '@rapport/runtime';
import { analyzeConsumer } from './analyze.consumer.js';

@Module({ imports: [ConsumerModule.for(analyzeConsumer)] })
export class AnalyzeModule {}
