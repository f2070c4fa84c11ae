import { whyNoContainers } from '@rapport/testing';
import { KafkaContainer } from '@testcontainers/kafka';
import { describeEventLog } from '../contract/event-log.contract.js';
import { createKafkaEventLog } from './kafka-event-log.js';

/** Kafka 4.1 as Confluent packages it, which is what this testcontainers module can start. */
const image = 'confluentinc/cp-kafka:8.1.0';

const reason = await whyNoContainers();

if (reason === undefined) {
  describeEventLog('The log on Apache Kafka in a container', async () => {
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
} else {
  it.skip(`The log on Apache Kafka in a container: ${reason}.`, () => undefined);
}
