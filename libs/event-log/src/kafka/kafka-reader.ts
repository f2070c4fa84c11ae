import { createRequire } from 'node:module';
import type { Batch, Kafka, KafkaMessage } from 'kafkajs';
import type { LogRecord, TopicPartition } from '../port/event-log.js';
import { asLogError, createCluster, type KafkaCluster } from './kafka-connections.js';
import { toLogRecord } from './kafka-record.js';
import { connected, shareConnection } from './shared-connection.js';

// Knows which of the fetched messages count (aborted transactions, control records, offsets before the one asked for).
const BatchOfKafkajs = createRequire(import.meta.url)('kafkajs/src/consumer/batch') as new (
  topic: string,
  fetchedOffset: string,
  partitionData: unknown,
) => Batch & { readonly rawMessages: readonly KafkaMessage[] };

const readCommitted = 1;
const fetchBytes = 2 * 1024 * 1024;

export interface KafkaReader {
  /** Reads `[from, to)`; `to` must not lie behind the end of the partition. */
  read(range: TopicPartition & { readonly from: number; readonly to: number }): AsyncGenerator<LogRecord[]>;
  close(): Promise<void>;
}

/** Reads ranges without a consumer group: no rebalance, no group left behind on the brokers. */
export function createKafkaReader(kafka: Kafka): KafkaReader {
  const clusters = shareConnection<KafkaCluster>({
    connect: () => connected(createCluster(kafka)),
    disconnect: (cluster) => cluster.disconnect(),
  });

  async function fetchBatch(cluster: KafkaCluster, { topic, partition }: TopicPartition, from: number) {
    await cluster.addTargetTopic(topic);
    const leader = cluster
      .findTopicPartitionMetadata(topic)
      .find(({ partitionId }) => partitionId === partition)?.leader;
    if (leader === undefined) throw new Error(`The event log has no partition ${partition} of the topic ${topic}.`);
    const broker = await cluster.findBroker({ nodeId: leader });
    const { responses } = await broker.fetch({
      maxWaitTime: 1000,
      minBytes: 1,
      maxBytes: fetchBytes,
      isolationLevel: readCommitted,
      topics: [{ topic, partitions: [{ partition, fetchOffset: String(from), maxBytes: fetchBytes }] }],
    });
    return new BatchOfKafkajs(topic, String(from), responses[0]!.partitions[0]);
  }

  async function fetchOrReconnect(partition: TopicPartition, from: number) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        // A leader that moved or a connection that broke is found anew by a fresh cluster.
        return await clusters.use((cluster) => fetchBatch(cluster, partition, from));
      } catch (error) {
        if (attempt === 2) throw asLogError(error);
      }
    }
  }

  return {
    async *read({ topic, partition, from, to }) {
      let position = from;
      while (position < to) {
        const batch = await fetchOrReconnect({ topic, partition }, position);
        const records = batch.messages
          .map((message) => toLogRecord(topic, partition, message))
          .filter(({ offset }) => offset < to);
        if (records.length > 0) yield records;
        if (batch.rawMessages.length === 0) return;
        position = Math.max(position, Number(batch.lastOffset()) + 1);
      }
    },
    close: () => clusters.close(),
  };
}
