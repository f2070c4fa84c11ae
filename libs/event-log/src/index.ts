export {
  EventLogUnavailableError,
  type BatchVerdict,
  type EventLog,
  type LogRecord,
  type Origin,
  type PartitionBatch,
  type PartitionBounds,
  type RecordToAppend,
  type RunningSubscription,
  type Subscription,
  type TopicPartition,
} from './port/event-log.js';
export { UndecodableRecordError, type EventCodec } from './port/event-codec.js';
export type { OpenRequest, SealedBytes, SealRequest, SubjectVault } from './port/subject-vault.js';
export { createEventCodec, UnencodableEventError } from './codec/event-codec.js';
export {
  SchemaCatalog,
  SchemaCatalogError,
  type AvroRecordSchema,
  type PublishedSchema,
} from './codec/schema-catalog.js';
