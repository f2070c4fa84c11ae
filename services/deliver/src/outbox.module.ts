import { Module } from '@nestjs/common';
import { OutboxController } from './outbox.controller.js';

/** Looks into the outbox; apart from `DeliverModule`, because it is mounted where people reach it. */
@Module({ controllers: [OutboxController] })
export class OutboxModule {}
