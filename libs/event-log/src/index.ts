export {
  defaultMaxBatchRecords,
  EventLogUnavailableError,
  type BatchVerdict,
  type EventLog,
  type Linger,
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
export type {
  KeyRotation,
  OpenRequest,
  SealedBytes,
  SealRequest,
  SubjectVault,
  TouchpointReader,
} from './port/subject-vault.js';
export { createEventCodec, UnencodableEventError } from './codec/event-codec.js';
export { canonicalForm, incompatibility, InvalidAvroSchemaError, type AvroSchema } from './codec/compatibility.js';
export {
  SchemaCatalog,
  SchemaCatalogError,
  type AvroRecordSchema,
  type PublishedSchema,
} from './codec/schema-catalog.js';
export { createEventLog, type EventLogConfig, type EventLogSurroundings } from './create-event-log.js';
export { type KafkaEventLogOptions } from './kafka/kafka-event-log.js';
export { createLmdbEventLog, type LmdbEventLog, type LmdbEventLogOptions } from './lmdb/lmdb-event-log.js';
export { partitionOfKey } from './partitioning/partition-of-key.js';
export { createSubjectVault, type SubjectVaultOptions } from './privacy/subject-vault.js';
export {
  masterKeyNoticeMs,
  UnknownMasterKeyError,
  type MasterKeyOptions,
  type MasterKeySet,
} from './privacy/master-keys.js';
export { CompactedTopic, type CompactedTopicOptions } from './compacted/compacted-topic.js';
export { SuppressionList, type SuppressionParts } from './suppression/suppression-list.js';
export { SealBrokenError } from './privacy/sealing.js';
