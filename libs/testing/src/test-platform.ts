import path from 'node:path';
import { startEmbeddedClickHouse, type EmbeddedClickHouse } from '@rapport/analytics-db';
import { migratePostgres, startEmbeddedPostgres } from '@rapport/profile-db';
import { createPlatform, loadConfig, type ClosablePlatform, type RapportConfig } from '@rapport/runtime';
import { pino } from 'pino';
import { freePort } from './free-port.js';
import { prepareClickHouse, preparedPostgres, preparePostgres } from './prepared-store.js';
import { temporaryFolder } from './temporary-folder.js';

export interface TestPlatform {
  readonly platform: ClosablePlatform;
  readonly config: RapportConfig;
  /** A second process's view of the same stores: its own log handle, pool and caches. */
  another(name: string): ClosablePlatform;
  /** Starts the embedded ClickHouse, or starts it again after a stop: migrated and empty at first, on a folder and port of its own. */
  startClickHouse(): Promise<EmbeddedClickHouse>;
  stop(): Promise<void>;
}

export interface TestPlatformOptions {
  readonly clock?: () => number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The real embedded parts on a folder of their own: LMDB log, PostgreSQL server, codec, vault. Migrated and empty. */
export async function startTestPlatform({
  clock = Date.now,
  environment = {},
}: TestPlatformOptions = {}): Promise<TestPlatform> {
  const folder = temporaryFolder();
  const config = loadConfig({
    RAPPORT_DATA_DIR: folder.path,
    RAPPORT_POSTGRES_PORT: String(await freePort()),
    RAPPORT_CLICKHOUSE_PORT: String(await freePort()),
    RAPPORT_LOG_LEVEL: 'silent',
    ...environment,
  });
  const logger = pino({ level: 'silent' });
  const postgresFolder = path.join(folder.path, 'postgres');
  await preparePostgres(postgresFolder, config.schemasDir);
  const postgres = await startEmbeddedPostgres({
    folder: postgresFolder,
    port: config.postgres.embedded?.port ?? 0,
    ...preparedPostgres,
    logger,
  });
  const platforms: ClosablePlatform[] = [];
  let clickhouse: EmbeddedClickHouse | undefined;
  const another = (name: string): ClosablePlatform => {
    const platform = createPlatform(name, config, { clock });
    platforms.push(platform);
    return platform;
  };
  const platform = another('test');
  await platform.eventLog.ensureTopics();
  await migratePostgres(platform.postgres, path.join(config.schemasDir, 'postgres'));
  return {
    platform,
    config,
    another,
    async startClickHouse() {
      const { url, database, username, password, analyst } = config.clickhouse;
      const clickhouseFolder = path.join(folder.path, 'clickhouse');
      await prepareClickHouse(clickhouseFolder, config.schemasDir);
      clickhouse = await startEmbeddedClickHouse({
        folder: clickhouseFolder,
        port: Number(new URL(url).port),
        writer: { username, password },
        analyst,
        database,
        logger,
      });
      return clickhouse;
    },
    async stop() {
      for (const each of platforms) await each.close();
      await clickhouse?.stop();
      await postgres.stop();
      folder.remove();
    },
  };
}
