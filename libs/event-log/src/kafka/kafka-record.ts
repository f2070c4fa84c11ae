import type { IHeaders, KafkaMessage } from 'kafkajs';
import { type TopicName, topicNames } from '@rapport/events';
import type { LogRecord, Origin, RecordToAppend, TopicPartition } from '../port/event-log.js';

/** Carries a record's origin: producer/topic/partition/offset/sequence. Not among the headers a reader of the port sees. */
export const originHeader = 'rapport-origin';

const knownTopics = new Map<string, TopicName>(topicNames.map((name) => [name, name]));
const noHeaders: Readonly<Record<string, string>> = Object.freeze({});

export function headersOf({ headers, origin }: RecordToAppend): Record<string, string> | undefined {
  if (origin === undefined) return headers;
  const { producer, topic, partition, offset, sequence } = origin;
  return { ...headers, [originHeader]: `${producer}/${topic}/${partition}/${offset}/${sequence}` };
}

export function toLogRecord(topic: TopicName, partition: number, message: KafkaMessage): LogRecord {
  const { headers, origin } = readHeaders(message.headers);
  return {
    topic,
    partition,
    offset: Number(message.offset),
    appendedAt: Number(message.timestamp),
    key: message.key === null ? '' : String(message.key),
    value: message.value,
    headers,
    origin,
  };
}

function readHeaders(raw: IHeaders | undefined): Pick<LogRecord, 'headers' | 'origin'> {
  let origin: Origin | undefined;
  let headers: Record<string, string> | undefined;
  for (const name in raw) {
    const value = raw[name];
    const text = String(Array.isArray(value) ? value[value.length - 1] : value);
    if (name === originHeader) origin = parseOrigin(text);
    else (headers ??= {})[name] = text;
  }
  return { headers: headers ?? noHeaders, origin };
}

/** An origin that is none of ours (somebody else's program wrote the header) is no origin. */
function parseOrigin(text: string): Origin | undefined {
  const [producer, topic, ...numbers] = text.split('/');
  const [partition, offset, sequence] = numbers.map(Number);
  const known = knownTopics.get(topic ?? '');
  if (producer === undefined || known === undefined || numbers.length !== 3) return undefined;
  if (!numbers.every((number) => /^\d+$/.test(number))) return undefined;
  return { producer, topic: known, partition: partition!, offset: offset!, sequence: sequence! };
}

export function placeOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
