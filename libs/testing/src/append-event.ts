import type { LogEvent, LogEventName, LogEvents, TopicName } from '@rapport/events';
import type { EventCodec, EventLog, LogRecord } from '@rapport/event-log';

interface LogParts {
  readonly eventLog: EventLog;
  readonly codec: EventCodec;
}

/** Appends one event as its producer would, without an origin. */
export async function appendEvent<N extends LogEventName>(
  { eventLog, codec }: LogParts,
  topic: TopicName,
  key: string,
  name: N,
  value: LogEvents[N],
): Promise<void> {
  await eventLog.append([{ topic, key, value: codec.encode(name, value) }]);
}

/** Everything that stands on a topic, partition by partition, decoded. */
export async function eventsOf<N extends LogEventName>(
  { eventLog, codec }: LogParts,
  topic: TopicName,
  name: N,
): Promise<readonly { readonly record: LogRecord; readonly value: LogEvents[N] }[]> {
  const events: { record: LogRecord; value: LogEvents[N] }[] = [];
  for (const { partition } of await eventLog.bounds(topic)) {
    for await (const records of eventLog.read({ topic, partition, from: 0 })) {
      for (const record of records) {
        if (record.value === null) continue;
        const event: LogEvent = codec.decode(record.value);
        if (event.name === name) events.push({ record, value: event.value as LogEvents[N] });
      }
    }
  }
  return events;
}
