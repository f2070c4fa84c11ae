import type { LogEvent, TopicName } from '@rapport/events';
import { UndecodableRecordError, type LogRecord } from '@rapport/event-log';
import type { Platform } from '@rapport/runtime';

type Parts = Pick<Platform, 'eventLog' | 'codec'>;

/** Every event of a topic from end to end; `undefined` for a record that is none. For topics that hold little. */
export async function* scanTopic(parts: Parts, topic: TopicName): AsyncGenerator<LogEvent | undefined> {
  for (const { partition, low, high } of await parts.eventLog.bounds(topic)) {
    if (low >= high) continue;
    for await (const records of parts.eventLog.read({ topic, partition, from: low, to: high })) {
      for (const record of records) yield decode(parts, record);
    }
  }
}

function decode({ codec }: Parts, { value }: LogRecord): LogEvent | undefined {
  if (value === null) return undefined;
  try {
    return codec.decode(value);
  } catch (error) {
    if (error instanceof UndecodableRecordError) return undefined;
    throw error;
  }
}
