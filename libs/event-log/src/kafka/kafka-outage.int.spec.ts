import { describeUnless, type KafkaBroker, startKafkaBroker, whyNoKafkaBroker } from '@rapport/testing';
import { eventually, highs } from '../contract/log-reading.js';
import type { EventLog } from '../port/event-log.js';
import { createKafkaEventLog } from './kafka-event-log.js';

describeUnless(await whyNoKafkaBroker())('The log on Apache Kafka, when the broker goes away', () => {
  let broker: KafkaBroker;
  let log: EventLog;

  beforeAll(async () => {
    broker = await startKafkaBroker();
    log = createKafkaEventLog({
      brokers: [broker.address],
      clientId: 'outage',
      partitions: 2,
      replicationFactor: 1,
    });
    await log.ensureTopics();
  });

  afterAll(async () => {
    await log?.close();
    await broker?.stop();
  });

  const appendText = (text: string) => log.append([{ topic: 'touchpoints', key: 'k', value: Buffer.from(text) }]);

  it('Given a killed broker, when something is appended, then it is refused as unavailable; when the broker is back, appends and subscriptions go on and nothing acknowledged is missing', async () => {
    const start = await highs(log, 'touchpoints');
    const seen: string[] = [];
    const errors: unknown[] = [];
    let position = new Map<number, number>(start.entries());
    const subscription = await log.subscribe({
      group: 'outage',
      topics: ['touchpoints'],
      startFrom: async (partitions) => partitions.map(({ partition }) => position.get(partition)!),
      onBatch: async ({ partition, records, nextOffset }) => {
        seen.push(...records.map(({ value }) => String(value)));
        position = new Map(position).set(partition, nextOffset);
        return { goOnFrom: nextOffset };
      },
      onError: (error) => errors.push(error),
    });
    await appendText('before');
    await eventually('the first arrived', () => seen.includes('before'));

    await broker.kill();
    await expect(appendText('refused')).rejects.toMatchObject({
      name: 'EventLogUnavailableError',
      retryAfterSeconds: 2,
    });
    await broker.restart();

    await expect(appendText('after')).resolves.toHaveLength(1);
    await eventually('the subscription went on', () => seen.includes('after'));
    // A refused append may be there or not; an acknowledged one is there, once.
    expect(seen.filter((text) => text !== 'refused')).toEqual(['before', 'after']);
    await subscription.stop();
  });
});
