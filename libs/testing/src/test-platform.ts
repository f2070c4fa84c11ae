import path from 'node:path';
import { migratePostgres, startEmbeddedPostgres } from '@rapport/profile-db';
import { createPlatform, loadConfig, type ClosablePlatform, type RapportConfig } from '@rapport/runtime';
import { pino } from 'pino';
import { freePort } from './free-port.js';
import { temporaryFolder } from './temporary-folder.js';

export interface TestPlatform {
  readonly platform: ClosablePlatform;
  readonly config: RapportConfig;
  /** A second process's view of the same stores: its own log handle, pool and caches. */
  another(name: string): ClosablePlatform;
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
    RAPPORT_LOG_LEVEL: 'silent',
    ...environment,
  });
  const postgres = await startEmbeddedPostgres({
    folder: path.join(folder.path, 'postgres'),
    port: config.postgres.embedded?.port ?? 0,
    user: 'rapport',
    password: 'rapport',
    database: 'rapport',
    logger: pino({ level: 'silent' }),
  });
  const platforms: ClosablePlatform[] = [];
  const another = (name: string): ClosablePlatform => {
    const platform = createPlatform(name, config, clock);
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
    async stop() {
      for (const each of platforms) await each.close();
      await postgres.stop();
      folder.remove();
    },
  };
}
