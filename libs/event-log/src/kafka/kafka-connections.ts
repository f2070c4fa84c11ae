import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { EventLogUnavailableError } from '../port/event-log.js';
import { connected, shareConnection } from './shared-connection.js';

const require = createRequire(import.meta.url);

export interface KafkaAddress {
  readonly brokers: readonly string[];
  readonly clientId: string;
}

/** The part of kafkajs's cluster that reads a partition without a consumer group; kafkajs offers no public way. */
export interface KafkaCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadata(): Promise<void>;
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number; readonly leader: number }[];
  findBroker(node: { readonly nodeId: number }): Promise<{ fetch(request: FetchRequest): Promise<FetchResponse> }>;
}

export interface FetchRequest {
  readonly maxWaitTime: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly isolationLevel: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly fetchOffset: string;
      readonly maxBytes: number;
    }[];
  }[];
}

export interface FetchResponse {
  readonly responses: readonly { readonly topicName: string; readonly partitions: readonly unknown[] }[];
}

export function createKafka({ brokers, clientId }: KafkaAddress): Kafka {
  mendRequestQueue();
  return new Kafka({
    brokers: [...brokers],
    clientId,
    // What goes wrong reaches us as errors and events; kafkajs's own lines would say it a second time.
    logLevel: logLevel.NOTHING,
    connectionTimeout: 3000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2000, retries: 5 },
  });
}

/**
 * kafkajs 2.2.4 sets a timer to a negative time after each request while nothing is throttled, which Node 24 answers with
 * a TimeoutNegativeWarning (kafkajs issue 1751). Where nothing waits there is nothing to check.
 */
function mendRequestQueue(): void {
  const { prototype } = require('kafkajs/src/network/requestQueue') as {
    prototype: { scheduleCheckPendingRequests: ((this: RequestQueue) => void) & { mended?: true } };
  };
  const schedule = prototype.scheduleCheckPendingRequests;
  if (schedule.mended) return;
  prototype.scheduleCheckPendingRequests = Object.assign(
    function (this: RequestQueue) {
      if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
    },
    { mended: true as const },
  );
}

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
}

/** A cluster connection of its own. kafkajs keeps the way to make one under a private symbol. */
export function createCluster(kafka: Kafka): KafkaCluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  if (symbol === undefined)
    throw new Error('This version of kafkajs is not the one the Kafka adapter was written for (2.2.4).');
  const create = (kafka as unknown as Record<symbol, (options: object) => KafkaCluster>)[symbol]!;
  return create({ allowAutoTopicCreation: false, maxInFlightRequests: null });
}

const attempts = 5;

/** An admin that connects on first use and anew after a failure; tries for some seconds before it calls Kafka unavailable. */
export function lazyAdmin(kafka: Kafka): {
  use<T>(action: (admin: Admin) => Promise<T>): Promise<T>;
  close(): Promise<void>;
} {
  const admins = shareConnection<Admin>({
    connect: () => connected(kafka.admin()),
    disconnect: (admin) => admin.disconnect(),
  });
  return {
    async use(action) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await admins.use(action);
        } catch (error) {
          const logError = asLogError(error);
          if (attempt === attempts || !(logError instanceof EventLogUnavailableError)) throw logError;
          await sleep(100 * 2 ** attempt);
        }
      }
    },
    close: () => admins.close(),
  };
}

interface KafkaErrorShape {
  readonly name: string;
  readonly message: string;
  readonly type?: string;
  readonly retriable?: boolean;
  readonly cause?: unknown;
}

const passingNames = [
  'KafkaJSNumberOfRetriesExceeded',
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSBrokerNotFound',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSLockTimeout',
  'KafkaJSTopicMetadataNotLoaded',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSClusterMetadataNotLoaded',
];

/** kafkajs's errors in the terms of the port: what may pass by itself is `EventLogUnavailableError`, the rest stays. */
export function asLogError(error: unknown): unknown {
  if (error instanceof EventLogUnavailableError || !(error instanceof Error) || !mayPass(error)) return error;
  return new EventLogUnavailableError(`Kafka is not available: ${error.message}`, {
    cause: error,
    retryAfterSeconds: 2,
  });
}

/** kafkajs wraps what it gave up on as not retriable, whatever it was: what counts is the innermost error. */
function mayPass(error: Error): boolean {
  const { name, retriable, cause } = error as KafkaErrorShape;
  if (cause instanceof Error && cause !== error) return mayPass(cause);
  return passingNames.includes(name) || (name.startsWith('KafkaJS') && retriable === true);
}
