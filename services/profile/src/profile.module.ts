import { Module } from '@nestjs/common';
import { ConsumerModule, TimerModule } from '@rapport/runtime';
import { profileConsumer } from './profile.consumer.js';

@Module({ imports: [ConsumerModule.for(profileConsumer), TimerModule.for('profile')] })
export class ProfileModule {}
