import path from 'node:path';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { migrateClickHouse, startEmbeddedClickHouse } from '@rapport/analytics-db';
import { pino } from 'pino';
import { freePort } from './free-port.js';
import { prepareClickHouse } from './prepared-store.js';
import { temporaryFolder } from './temporary-folder.js';

export interface TestClickHouse {
  readonly url: string;
  readonly client: ClickHouseClient;
  stop(): Promise<void>;
}

/** The embedded ClickHouse on a folder of its own, with all tables and views, and nothing in them. */
export async function startTestClickHouse(schemasDir: string): Promise<TestClickHouse> {
  const folder = temporaryFolder();
  const dataFolder = path.join(folder.path, 'clickhouse');
  await prepareClickHouse(dataFolder, schemasDir);
  const writer = { username: 'writer', password: 'writer' };
  const server = await startEmbeddedClickHouse({
    folder: dataFolder,
    port: await freePort(),
    database: 'rapport',
    writer,
    analyst: { username: 'analyst', password: 'analyst' },
    logger: pino({ level: 'silent' }),
  });
  const connection = { url: server.url, ...writer, database: 'rapport' };
  await migrateClickHouse({ ...connection, folder: path.join(schemasDir, 'clickhouse') });
  const client = createClient({ ...connection, log: { level: ClickHouseLogLevel.OFF } });
  return {
    url: server.url,
    client,
    async stop() {
      await client.close();
      await server.stop();
      folder.remove();
    },
  };
}
