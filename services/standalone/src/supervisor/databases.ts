import path from 'node:path';
import { startEmbeddedClickHouse } from '@rapport/analytics-db';
import { startEmbeddedPostgres } from '@rapport/profile-db';
import type { RapportConfig } from '@rapport/runtime';
import type { Logger } from 'pino';
import { letOthersGoFirst } from './priority.js';

export interface Databases {
  stop(): Promise<void>;
}

/** Starts the databases for which no URL was given, side by side. */
export async function startDatabases(config: RapportConfig, logger: Logger): Promise<Databases> {
  const starting = [startPostgres(config, logger), startClickHouse(config, logger)];
  const started = await Promise.allSettled(starting);
  const running = started.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((database) => database.stop()));
  };
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { stop };
}

async function startPostgres({ postgres, dataDir }: RapportConfig, logger: Logger): Promise<Databases | undefined> {
  if (!postgres.embedded) return undefined;
  const url = new URL(postgres.url);
  return startEmbeddedPostgres({
    folder: path.join(dataDir, 'postgres'),
    port: postgres.embedded.port,
    user: url.username,
    password: url.password,
    database: url.pathname.slice(1),
    logger,
  });
}

async function startClickHouse({ clickhouse, dataDir }: RapportConfig, logger: Logger): Promise<Databases | undefined> {
  if (!clickhouse.embedded) return undefined;
  const { database, username, password, analyst } = clickhouse;
  return startEmbeddedClickHouse({
    folder: path.join(dataDir, 'clickhouse'),
    port: clickhouse.embedded.port,
    analystMemoryBytes: clickhouse.embedded.analystMemoryBytes,
    writer: { username, password },
    analyst,
    database,
    logger,
    onStarted: (pid) => void letOthersGoFirst(pid),
  });
}
