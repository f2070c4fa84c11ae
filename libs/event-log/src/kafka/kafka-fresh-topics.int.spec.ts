import { describeUnless, type KafkaBroker, startKafkaBroker, whyNoKafkaBroker } from '@rapport/testing';
import { topicNames } from '@rapport/events';
import { createKafkaEventLog } from './kafka-event-log.js';

const partitions = 32;

describeUnless(await whyNoKafkaBroker())('Topics that nobody made before', () => {
  let broker: KafkaBroker;
  beforeAll(async () => {
    broker = await startKafkaBroker();
  }, 240_000);
  afterAll(() => broker?.stop(), 60_000);

  it('Given a broker without topics, when several processes ensure them at once, then each can append to and ask every partition as soon as its own call is done', async () => {
    const process = async (name: string): Promise<readonly number[]> => {
      const log = createKafkaEventLog({
        brokers: [broker.address],
        clientId: name,
        partitions,
        replicationFactor: 1,
      });
      try {
        await log.ensureTopics();
        const records = topicNames.flatMap((topic) =>
          Array.from({ length: 4 * partitions }, (_, key) => ({ topic, key: `${key}`, value: Buffer.from(name) })),
        );
        await log.append(records);
        return await Promise.all(
          topicNames.map(async (topic) => {
            const bounds = await log.bounds(topic);
            expect(bounds).toHaveLength(partitions);
            return bounds.reduce((sum, { high }) => sum + high, 0);
          }),
        );
      } finally {
        await log.close();
      }
    };
    const counts = await Promise.all(['a', 'b', 'c'].map(process));
    // Whoever counts last sees what all three appended.
    const most = topicNames.map((_, topic) => Math.max(...counts.map((each) => each[topic] ?? 0)));
    expect(most).toEqual(topicNames.map(() => 3 * 4 * partitions));
  }, 240_000);
});
