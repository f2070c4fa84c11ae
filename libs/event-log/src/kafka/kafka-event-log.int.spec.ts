import { describeUnless, startKafkaBroker, whyNoKafkaBroker } from '@rapport/testing';
import { describeEventLog } from '../contract/event-log.contract.js';
import { createKafkaEventLog } from './kafka-event-log.js';

describeUnless(await whyNoKafkaBroker())('one broker', () => {
  describeEventLog('The log on Apache Kafka', async () => {
    const broker = await startKafkaBroker();
    const address = { brokers: [broker.address], partitions: 4, replicationFactor: 1 };
    return {
      config: { kind: 'kafka', ...address },
      open: async () => createKafkaEventLog({ ...address, clientId: 'contract' }),
      dispose: () => broker.stop(),
    };
  });
});
