// One real Kafka broker to try things with, without Docker: npm run -s build && node test/kafka/run-broker.js [port]
// Its data go when it stops (Ctrl-C).
import process from 'node:process';
import { startKafkaBroker, whyNoKafkaBroker } from '@rapport/testing';

const missing = await whyNoKafkaBroker();
if (missing === undefined) {
  const broker = await startKafkaBroker({ port: Number(process.argv[2] ?? 9092) });
  process.stdout.write(`Kafka answers: RAPPORT_KAFKA_BROKERS=${broker.address}\n`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void broker.stop());
} else {
  process.stderr.write(`${missing}\n`);
  process.exitCode = 1;
}
