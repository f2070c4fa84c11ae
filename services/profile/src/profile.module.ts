import { Module } from '@nestjs/common';
import { ConsumerModule } from '@rapport/runtime';
import { profileConsumer } from './profile.consumer.js';

@Module({ imports: [ConsumerModule.for(profileConsumer)] })
export class ProfileModule {}
