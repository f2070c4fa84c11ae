import { Module } from '@nestjs/common';
import { ConsumerModule, TimerModule } from '@rapport/runtime';
import { scoreConsumer } from './score.consumer.js';

@Module({ imports: [ConsumerModule.for(scoreConsumer), TimerModule.for('score')] })
export class ScoreModule {}
