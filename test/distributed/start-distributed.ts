import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedClickHouse } from '@rapport/analytics-db';
import { startEmbeddedPostgres } from '@rapport/profile-db';
import {
  eventually,
  freePort,
  RapportProcess,
  startKafkaBroker,
  temporaryFolder,
  type RunningEndpoints,
} from '@rapport/testing';
import { pino } from 'pino';

export const built = (service: string, file: string): string =>
  fileURLToPath(new URL(`../../services/${service}/dist/${file}`, import.meta.url));

/** The same on both sides, so that a touchpoint stands at the same position of either log. */
export const partitions = { RAPPORT_PARTITIONS: '4' };
export const newSecrets = () => ({
  RAPPORT_MASTER_KEY: randomBytes(32).toString('base64'),
  RAPPORT_HASH_KEY: randomBytes(32).toString('base64'),
  RAPPORT_WRITE_KEY: 'wk_distributed_test',
  RAPPORT_API_KEY: 'ak_distributed_test_0123456789',
});

export type Environment = Readonly<Record<string, string>>;

export interface RunningService {
  readonly url: string;
  readonly process: RapportProcess;
}

/** A real Kafka broker, a real PostgreSQL and the real ClickHouse engine, all by URL, and services as processes of their own. */
export interface Distributed {
  /** What every process is given; more or other values by `start`. */
  readonly environment: Environment;
  readonly clickhouse: RunningEndpoints['clickhouse'];
  readonly postgres: string;
  /** Where Kafka keeps its segments. */
  readonly kafkaFolder: string;
  /** The files of both databases, and the data folders of all processes. */
  readonly folder: string;
  /** Starts a service; resolves when it is ready. `instance` names its data folder. */
  start(service: string, instance?: string, more?: Environment): Promise<RunningService>;
  /** Runs `rapport` with these arguments against the query service at `http`; gives what it said. */
  rapport(http: string, args: readonly string[], more?: Environment): Promise<string>;
  stop(): Promise<void>;
}

export async function startDistributed(own: Environment): Promise<Distributed> {
  const folder = temporaryFolder();
  const logger = pino({ level: 'silent' });
  const running: RapportProcess[] = [];
  const kafka = await startKafkaBroker();
  const postgres = await startEmbeddedPostgres({
    folder: path.join(folder.path, 'postgres'),
    port: await freePort(),
    user: 'rapport',
    password: 'rapport',
    database: 'rapport',
    logger,
  });
  const writer = { username: 'rapport', password: 'writes' };
  const clickhouse = await startEmbeddedClickHouse({
    folder: path.join(folder.path, 'clickhouse'),
    port: await freePort(),
    writer,
    analyst: { username: 'analyst', password: 'reads' },
    database: 'rapport',
    logger,
  });
  const clickhouseUrl = new URL(clickhouse.url);
  Object.assign(clickhouseUrl, writer);
  const environment: Environment = {
    RAPPORT_KAFKA_BROKERS: kafka.address,
    ...partitions,
    RAPPORT_POSTGRES_URL: postgres.url,
    RAPPORT_CLICKHOUSE_URL: clickhouseUrl.toString(),
    RAPPORT_LOG_LEVEL: 'warn',
    ...own,
  };
  const endpoints = { url: clickhouse.url, database: 'rapport', ...writer };
  const dataDirOf = (instance: string) => ({ RAPPORT_DATA_DIR: path.join(folder.path, instance) });
  return {
    environment,
    clickhouse: endpoints,
    postgres: postgres.url,
    kafkaFolder: kafka.folder,
    folder: folder.path,
    async start(service, instance = service, more = {}) {
      const port = String(await freePort());
      const started = new RapportProcess({
        program: built('standalone', 'service-main.js'),
        args: [service],
        environment: { ...environment, RAPPORT_HTTP_PORT: port, ...dataDirOf(instance), ...more },
      });
      running.push(started);
      const url = `http://127.0.0.1:${port}`;
      await eventually(async () => {
        if (started.ended) throw new Error(`${service} ended:\n${started.output.slice(-20_000)}`);
        const { status } = await fetch(`${url}/health/ready`);
        if (status !== 200) throw new Error(`${service} is not ready:\n${started.output.slice(-20_000)}`);
      }, 120_000);
      return { url, process: started };
    },
    async rapport(http, args, more = {}) {
      const dataDir = path.join(folder.path, 'cli');
      mkdirSync(dataDir, { recursive: true });
      writeFileSync(
        path.join(dataDir, 'endpoints.json'),
        JSON.stringify({
          http,
          writeKey: environment['RAPPORT_WRITE_KEY'],
          apiKey: environment['RAPPORT_API_KEY'],
          clickhouse: endpoints,
          postgres: postgres.url,
        }),
      );
      const command = new RapportProcess({
        program: built('standalone', 'cli/main.js'),
        args,
        environment: { ...environment, ...dataDirOf('cli'), ...more },
      });
      return command.finished();
    },
    async stop() {
      await Promise.all(running.map((started) => started.stop()));
      await Promise.all([clickhouse.stop(), postgres.stop(), kafka.stop()]);
      folder.remove();
    },
  };
}
