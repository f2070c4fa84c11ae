import { Module } from '@nestjs/common';
import { ConsumerModule, TimerModule } from '@rapport/runtime';
import { segmentConsumer } from './segment.consumer.js';

@Module({ imports: [ConsumerModule.for(segmentConsumer), TimerModule.for('segment')] })
export class SegmentModule {}
