import { type Kafka, type Message, Partitioners, type Producer } from 'kafkajs';
import type { TopicName } from '@rapport/events';
import { GroupCommit } from '../appending/group-commit.js';
import { partitionOfKey } from '../partitioning/partition-of-key.js';
import { EventLogUnavailableError, type RecordToAppend, type TopicPartition } from '../port/event-log.js';
import { asLogError } from './kafka-connections.js';
import { headersOf, placeOf } from './kafka-record.js';

type Position = TopicPartition & { readonly offset: number };

interface PlacedMessage extends TopicPartition {
  readonly message: Message;
  readonly bytes: number;
}

/** Brokers take a run of records of one partition as one batch, of at most the topic's `max.message.bytes`. */
const maxBatchBytes = 4 * 1024 * 1024;
/** kafkajs copies what it has of a partition for every record it adds, so long runs would cost by the square. */
const maxBatchRecords = 500;
export const maxRecordBytes = 8 * 1024 * 1024;
/** Headers and framing of a record. */
const assumedOverheadBytes = 200;

export interface KafkaAppender {
  append(
    records: readonly RecordToAppend[],
    partitionCount: (topic: TopicName) => Promise<number>,
  ): Promise<readonly Position[]>;
  close(): Promise<void>;
}

/**
 * Appends with one idempotent producer, one request at a time, so that a repeated request is recognised by the brokers and
 * order holds. After an error of unknown outcome the producer is replaced: its sequence numbers are not to be trusted.
 */
export function createKafkaAppender(kafka: Kafka): KafkaAppender {
  const producer = replaceableProducer(kafka);
  const commits = new GroupCommit<PlacedMessage, Position>({
    commit: async (messages) => {
      const positions: Position[] = new Array<Position>(messages.length);
      for (const batch of cutIntoBatches(messages)) await sendBatch(producer, messages, batch, positions);
      return positions;
    },
    maxCommitBytes: 16 * 1024 * 1024,
    maxQueuedBytes: 64 * 1024 * 1024,
  });
  return {
    async append(records, partitionCount) {
      const counts = new Map<TopicName, number>();
      for (const topic of new Set(records.map((record) => record.topic)))
        counts.set(topic, await partitionCount(topic));
      let bytes = 0;
      const placed = records.map((record): PlacedMessage => {
        const key = Buffer.from(record.key, 'utf8');
        const partition = partitionOfKey(key, counts.get(record.topic)!);
        const size = key.length + (record.value?.length ?? 0) + assumedOverheadBytes;
        bytes += size;
        const message: Message = { key, value: record.value, headers: headersOf(record), partition };
        return { topic: record.topic, partition, message, bytes: size };
      });
      return commits.add(placed, bytes);
    },
    async close() {
      await commits.close();
      await producer.close();
    },
  };
}

/** Indices of the messages, cut so that no partition gets more than a broker takes at once. Order within a partition holds. */
function cutIntoBatches(messages: readonly PlacedMessage[]): number[][] {
  const batches: number[][] = [];
  let current: number[] = [];
  let runs = new Map<string, { bytes: number; records: number }>();
  messages.forEach((message, index) => {
    const place = placeOf(message);
    const run = runs.get(place);
    if (run === undefined) {
      runs.set(place, { bytes: message.bytes, records: 1 });
    } else if (run.bytes + message.bytes > maxBatchBytes || run.records === maxBatchRecords) {
      batches.push(current);
      current = [];
      runs = new Map([[place, { bytes: message.bytes, records: 1 }]]);
    } else {
      run.bytes += message.bytes;
      run.records += 1;
    }
    current.push(index);
  });
  batches.push(current);
  return batches;
}

async function sendBatch(
  producer: ReturnType<typeof replaceableProducer>,
  messages: readonly PlacedMessage[],
  batch: readonly number[],
  positions: Position[],
): Promise<void> {
  const byTopic = new Map<TopicName, Message[]>();
  for (const index of batch) {
    const { topic, message } = messages[index]!;
    const ofTopic = byTopic.get(topic);
    if (ofTopic === undefined) byTopic.set(topic, [message]);
    else ofTopic.push(message);
  }
  const answers = await producer.use((connected) =>
    connected.sendBatch({
      acks: -1,
      topicMessages: [...byTopic].map(([topic, ofTopic]) => ({ topic, messages: ofTopic })),
    }),
  );
  const next = new Map(
    answers.map(({ topicName, partition, baseOffset }) => [`${topicName}/${partition}`, Number(baseOffset)]),
  );
  for (const index of batch) {
    const { topic, partition } = messages[index]!;
    const place = placeOf({ topic, partition });
    const offset = next.get(place);
    // kafkajs forgets a partition whose leader moves while it retries, and answers as if all were well.
    if (offset === undefined || Number.isNaN(offset) || offset < 0) {
      await producer.replace();
      throw new EventLogUnavailableError(
        `Kafka did not say where records for ${place} went; they may not be on the log.`,
      );
    }
    positions[index] = { topic, partition, offset };
    next.set(place, offset + 1);
  }
}

function replaceableProducer(kafka: Kafka) {
  let connected: Promise<Producer> | undefined;
  const connect = async () => {
    const producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { initialRetryTime: 100, maxRetryTime: 2000, retries: 6 },
    });
    await producer.connect();
    return producer;
  };
  const replace = async () => {
    const old = connected;
    connected = undefined;
    await (await old?.catch(() => undefined))?.disconnect().catch(() => undefined);
  };
  return {
    async use<T>(action: (producer: Producer) => Promise<T>): Promise<T> {
      try {
        return await action(await (connected ??= connect()));
      } catch (error) {
        await replace();
        throw asLogError(error);
      }
    },
    replace,
    close: replace,
  };
}
