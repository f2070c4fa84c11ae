import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { startProgram, type ServerProcess } from './child.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const writeKey = 'bench-write-key';

/** The collector alone on the embedded log: what it can take when nothing else uses the machine. */
export async function startCollector(folder: string): Promise<ServerProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const ready = () =>
    fetch(`${url}/health/ready`)
      .then((response) => response.ok)
      .catch(() => false);
  const environment = { ...settings(folder), RAPPORT_HTTP_PORT: String(port) };
  const program = await startProgram(path.join(root, 'services/collect/dist/main.js'), environment, ready);
  return { ...program, url, writeKey };
}

/** The whole of Rapport, embedded, on a fresh data folder. */
export interface Standalone extends ServerProcess {
  readonly apiKey: string;
  readonly consumers: string;
  readonly clickhouse: ClickHouseClient;
}

export async function startStandalone(folder: string): Promise<Standalone> {
  const [http, clickhousePort, postgres] = await Promise.all([freePort(), freePort(), freePort()]);
  const environment = {
    ...settings(folder),
    RAPPORT_HTTP_PORT: String(http),
    RAPPORT_CLICKHOUSE_PORT: String(clickhousePort),
    RAPPORT_POSTGRES_PORT: String(postgres),
  };
  const file = path.join(folder, 'endpoints.json');
  const program = await startProgram(path.join(root, 'services/standalone/dist/main.js'), environment, () =>
    Promise.resolve(existsSync(file)),
  );
  const endpoints = JSON.parse(await readFile(file, 'utf8')) as {
    readonly http: string;
    readonly apiKey: string;
    readonly consumers: string;
    readonly clickhouse: { url: string; database: string; username: string; password: string };
  };
  const clickhouse = createClient({ ...endpoints.clickhouse, application: 'rapport-bench' });
  const stop = async () => {
    await clickhouse.close();
    await program.stop();
  };
  const { http: url, apiKey, consumers } = endpoints;
  return { pid: program.pid, url, writeKey, apiKey, consumers, clickhouse, stop };
}

/** Records that left each consumer of a topic, whatever became of them. */
export async function recordsDone({ consumers }: Standalone, topic: string): Promise<ReadonlyMap<string, number>> {
  const metrics = await fetch(`${consumers}/metrics`).then((response) => response.text());
  const done = new Map<string, number>();
  for (const [, labels = '', count] of metrics.matchAll(/^rapport_consumer_records_total\{(.*)\} (\d+)$/gm)) {
    const label = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1];
    const consumer = label('consumer');
    if (consumer && label('topic') === topic && label('outcome') !== 'repeated') {
      done.set(consumer, (done.get(consumer) ?? 0) + Number(count));
    }
  }
  return done;
}

function settings(folder: string): Readonly<Record<string, string>> {
  return { RAPPORT_DATA_DIR: folder, RAPPORT_WRITE_KEY: writeKey, RAPPORT_LOG_LEVEL: 'warn' };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
