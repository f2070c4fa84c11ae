import { startKafkaBroker, whyNoKafkaBroker } from '@rapport/testing';
import { describeEventLog } from '../contract/event-log.contract.js';
import { createKafkaEventLog } from './kafka-event-log.js';

const missing = await whyNoKafkaBroker();

if (missing === undefined) {
  describeEventLog('The log on Apache Kafka', async () => {
    const broker = await startKafkaBroker();
    const address = { brokers: [broker.address], partitions: 4, replicationFactor: 1 };
    return {
      config: { kind: 'kafka', ...address },
      open: async () => createKafkaEventLog({ ...address, clientId: 'contract' }),
      dispose: () => broker.stop(),
    };
  });
} else {
  it.skip(`The log on Apache Kafka: ${missing}`, () => undefined);
}
