import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { existsSync, openSync, closeSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';
import { temporaryFolder } from './temporary-folder.js';

const run = promisify(execFile);
const projectRoot = path.resolve(import.meta.dirname, '../../..');
const pom = path.join(projectRoot, 'test/kafka/pom.xml');
const startWithinMs = 150_000;

export interface KafkaBroker {
  /** host:port, as `RAPPORT_KAFKA_BROKERS` wants it. */
  readonly address: string;
  /** Holds its log segments. */
  readonly folder: string;
  /** Kills the broker as a crash would (SIGKILL); its data stay for `restart`. */
  kill(): Promise<void>;
  /** Starts the broker again, on the same port and data. */
  restart(): Promise<void>;
  /** Stops the broker and deletes its data. */
  stop(): Promise<void>;
}

/** Why no broker can be started here, in one line for the report of a skipped suite; `undefined` if one can. */
export async function whyNoKafkaBroker(): Promise<string | undefined> {
  if (!(await answers('java', '-version'))) return 'No Java here (17 or newer), so no real Kafka broker to test with.';
  if (existsSync(await jarFolder()) || (await answers('mvn', '-version'))) return undefined;
  return `No Maven here to fetch Kafka's jars with (${path.relative(projectRoot, pom)}), so no real broker to test with.`;
}

/** Starts one Apache Kafka broker (KRaft, folder of its own, any free port unless told one); resolves when it answers. */
export async function startKafkaBroker(options: { readonly port?: number } = {}): Promise<KafkaBroker> {
  const classpath = path.join(await fetchJars(), '*');
  const folder = temporaryFolder();
  const port = options.port ?? (await freePort());
  const properties = path.join(folder.path, 'server.properties');
  await writeFile(properties, brokerProperties(path.join(folder.path, 'data'), port, await freePort()));
  const clusterId = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
  // In one argument: an id may begin with a hyphen, and would then be taken for an option.
  const format = ['format', `--cluster-id=${clusterId}`, '-c', properties];
  await run('java', ['-cp', classpath, 'kafka.tools.StorageTool', ...format]);
  const address = `127.0.0.1:${port}`;
  const start = () => launch(classpath, properties, path.join(folder.path, 'broker.log'), port);
  let broker = await start();
  return {
    address,
    folder: folder.path,
    kill: () => end(broker, 'SIGKILL'),
    async restart() {
      await end(broker, 'SIGKILL');
      broker = await start();
    },
    async stop() {
      await end(broker, 'SIGKILL');
      folder.remove();
    },
  };
}

async function answers(command: string, argument: string): Promise<boolean> {
  return run(command, [argument]).then(
    () => true,
    () => false,
  );
}

async function jarFolder(): Promise<string> {
  const version = /<kafka\.version>(.+)<\/kafka\.version>/.exec(await readFile(pom, 'utf8'))?.[1];
  if (version === undefined) throw new Error(`${pom} names no kafka.version.`);
  return path.join(projectRoot, '.kafka', version);
}

/** Fetched once a version; the folder appears under its name only when it is whole. */
async function fetchJars(): Promise<string> {
  const folder = await jarFolder();
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  await run('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${unfinished}`]);
  await rename(unfinished, folder).catch(async (error: unknown) => {
    await rm(unfinished, { recursive: true });
    if (!existsSync(folder)) throw error;
  });
  return folder;
}

async function launch(classpath: string, properties: string, logFile: string, port: number): Promise<ChildProcess> {
  const log = openSync(logFile, 'a');
  const broker = spawn(
    'java',
    [
      '-Xmx512m',
      '-Xms128m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-cp',
      classpath,
      'kafka.Kafka',
      properties,
    ],
    {
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);
  // A test process that ends without stopping its broker takes it along.
  const killBroker = () => broker.kill('SIGKILL');
  process.once('exit', killBroker);
  broker.once('exit', () => process.off('exit', killBroker));
  const giveUpAt = performance.now() + startWithinMs;
  while (!(await answersKafka(port))) {
    if (broker.exitCode !== null || performance.now() > giveUpAt) {
      broker.kill('SIGKILL');
      throw new Error(`The Kafka broker did not start:\n${(await readFile(logFile, 'utf8')).slice(-4000)}`);
    }
    await sleep(100);
  }
  return broker;
}

// ApiVersions, version 0: what every client asks first. Length, api key 18, version, correlation id, no client id.
const apiVersionsRequest = Buffer.from('0000000a0012000000000001ffff', 'hex');

async function answersKafka(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port, timeout: 5000 });
  try {
    await once(socket, 'connect');
    socket.write(apiVersionsRequest);
    await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => Promise.reject(new Error('closed')))]);
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function end(broker: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (broker.exitCode !== null || broker.signalCode !== null) return;
  broker.kill(signal);
  await once(broker, 'exit');
}

function brokerProperties(dataFolder: string, port: number, controllerPort: number): string {
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': dataFolder,
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'num.network.threads': 2,
    'num.io.threads': 2,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
