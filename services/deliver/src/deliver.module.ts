import { Module } from '@nestjs/common';
import { ConsumerModule } from '@rapport/runtime';
import { deliverConsumer } from './deliver.consumer.js';

@Module({ imports: [ConsumerModule.for(deliverConsumer)] })
export class DeliverModule {}
