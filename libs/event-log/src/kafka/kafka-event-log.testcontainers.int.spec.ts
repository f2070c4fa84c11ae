import { describeUnless, whyNoContainers } from '@rapport/testing';
import { KafkaContainer } from '@testcontainers/kafka';
import { describeEventLog } from '../contract/event-log.contract.js';
import { createKafkaEventLog } from './kafka-event-log.js';

/** Kafka 4.1 as Confluent packages it, which is what this testcontainers module can start. */
const image = 'confluentinc/cp-kafka:8.1.0';

describeUnless(await whyNoContainers())('in a container', () => {
  describeEventLog('The log on Apache Kafka, the image of Confluent', async () => {
    const container = await new KafkaContainer(image).withKraft().start();
    const address = {
      brokers: [`${container.getHost()}:${container.getMappedPort(9093)}`],
      partitions: 4,
      replicationFactor: 1,
    };
    return {
      config: { kind: 'kafka', ...address },
      open: async () => createKafkaEventLog({ ...address, clientId: 'contract' }),
      dispose: async () => {
        await container.stop();
      },
    };
  });
});
