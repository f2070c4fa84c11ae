export type { Channel, Message, Receipt } from './channel.js';
export type { DeliveryGate, WithheldReason } from './delivery-gate.js';
export { createMessageLinks } from './message-links.js';
export { deliverConsumer, deliverConsumerOf, type DeliveryParts } from './deliver.consumer.js';
export { DeliverModule } from './deliver.module.js';
export { loadTemplates } from './load-templates.js';
export { createOutbox, readOutbox, type OutboxEntry } from './outbox.store.js';
export { OutboxModule } from './outbox.module.js';
