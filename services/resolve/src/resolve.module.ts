import { Module } from '@nestjs/common';
import { ConsumerModule } from '@rapport/runtime';
import { resolveConsumer } from './resolve.consumer.js';

@Module({ imports: [ConsumerModule.for(resolveConsumer)] })
export class ResolveModule {}
