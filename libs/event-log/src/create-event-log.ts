import { createKafkaEventLog } from './kafka/kafka-event-log.js';
import { createLmdbEventLog } from './lmdb/lmdb-event-log.js';
import type { EventLog } from './port/event-log.js';

export type EventLogConfig =
  | { readonly kind: 'embedded'; readonly folder: string; readonly partitions: number }
  | {
      readonly kind: 'kafka';
      readonly brokers: readonly string[];
      readonly partitions: number;
      readonly replicationFactor: number;
    };

export interface EventLogSurroundings {
  /** Names this process to the brokers. */
  readonly clientId: string;
  /** Milliseconds since the epoch; of the embedded log. On Kafka the brokers' clocks count. */
  readonly clock: () => number;
  /** Told what goes wrong outside of any call. */
  readonly onError?: (error: unknown) => void;
}

/** The one place where embedded and distributed Rapport part. */
export function createEventLog(config: EventLogConfig, { clientId, clock, onError }: EventLogSurroundings): EventLog {
  switch (config.kind) {
    case 'embedded':
      return createLmdbEventLog({ folder: config.folder, partitions: config.partitions, clock, onError });
    case 'kafka':
      return createKafkaEventLog({ ...config, clientId });
  }
}
