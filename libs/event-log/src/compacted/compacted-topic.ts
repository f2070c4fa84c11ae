import type { LogEventName, LogEvents, TopicName } from '@rapport/events';
import { UndecodableRecordError, type EventCodec } from '../port/event-codec.js';
import type { EventLog, LogRecord } from '../port/event-log.js';

export interface CompactedTopicOptions<N extends LogEventName> {
  readonly eventLog: EventLog;
  readonly codec: EventCodec;
  readonly topic: TopicName;
  readonly event: N;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/**
 * The newest record of every key of a compacted topic, in memory. For small topics: each process holds all of it. Reads
 * nothing until it is refreshed.
 */
export class CompactedTopic<N extends LogEventName> {
  private readonly records = new Map<string, LogEvents[N]>();
  private readonly positions = new Map<number, number>();
  /** Everything that was on the log at this time is in here, milliseconds since the epoch. */
  private reflects = Number.NEGATIVE_INFINITY;
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(private readonly options: CompactedTopicOptions<N>) {}

  get size(): number {
    return this.records.size;
  }

  /** Whether it was ever refreshed. */
  get hasBeenRead(): boolean {
    return this.reflects > Number.NEGATIVE_INFINITY;
  }

  get(key: string): LogEvents[N] | undefined {
    return this.records.get(key);
  }

  values(): readonly LogEvents[N][] {
    return [...this.records.values()];
  }

  /** Whether it holds all that was on the log `maxAgeMs` ago. */
  isAsOf(maxAgeMs: number): boolean {
    return this.options.clock() - this.reflects <= maxAgeMs;
  }

  /** Resolves once this holds all that was on the log `maxAgeMs` ago; at 0, all that is on it now. */
  async refresh(maxAgeMs = 0): Promise<void> {
    if (maxAgeMs === 0 || !this.isAsOf(maxAgeMs)) await this.catchUp();
  }

  /** Durable, and in here, when it resolves. */
  async put(key: string, value: LogEvents[N]): Promise<void> {
    await this.putAll(new Map([[key, value]]));
  }

  /** Several by their keys, all or none. */
  async putAll(values: ReadonlyMap<string, LogEvents[N]>): Promise<void> {
    const { eventLog, codec, topic, event } = this.options;
    await eventLog.append([...values].map(([key, value]) => ({ topic, key, value: codec.encode(event, value) })));
    await this.catchUp();
  }

  async remove(key: string): Promise<void> {
    await this.options.eventLog.append([{ topic: this.options.topic, key, value: null }]);
    await this.catchUp();
  }

  /** One reading at a time: a call during another one is served by the next, which begins after it. */
  private catchUp(): Promise<void> {
    if (this.running === undefined) return this.start();
    return (this.next ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        return this.start();
      }));
  }

  private start(): Promise<void> {
    const run = this.readNew().finally(() => {
      if (this.running === run) this.running = undefined;
    });
    return (this.running = run);
  }

  private async readNew(): Promise<void> {
    const { eventLog, topic, clock } = this.options;
    const startedAt = clock();
    for (const { partition, low, high } of await eventLog.bounds(topic)) {
      const from = Math.max(low, this.positions.get(partition) ?? 0);
      if (from < high) {
        for await (const records of eventLog.read({ topic, partition, from, to: high })) {
          for (const record of records) this.apply(record);
        }
      }
      this.positions.set(partition, high);
    }
    this.reflects = startedAt;
  }

  private apply({ key, value }: LogRecord): void {
    if (value === null) return void this.records.delete(key);
    const event = this.decode(value);
    if (event !== undefined) this.records.set(key, event);
  }

  /** `undefined` for what does not belong here: one bad record must not close the topic to everybody. */
  private decode(value: Buffer): LogEvents[N] | undefined {
    try {
      const event = this.options.codec.decode(value);
      return event.name === this.options.event ? (event.value as LogEvents[N]) : undefined;
    } catch (error) {
      if (error instanceof UndecodableRecordError) return undefined;
      throw error;
    }
  }
}
