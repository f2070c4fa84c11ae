import path from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import {
  createEventCodec,
  createEventLog,
  createSubjectVault,
  type EventLog,
  type SubjectVault,
} from '@rapport/event-log';
import { createPostgresPool } from '@rapport/profile-db';
import type { Pool } from 'pg';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { RapportConfig } from '../config/config.js';
import { describeError } from '../consumer/run-consumer.js';
import { createHealthChecks } from '../observability/health-checks.js';
import { createLogger } from '../observability/logger.js';
import type { Platform } from './platform.js';

export interface ClosablePlatform extends Platform {
  /** Closes the parts that were used, the log last. */
  close(): Promise<void>;
}

/** Makes the platform of one process. Nothing is opened until it is used. */
export function createPlatform(name: string, config: RapportConfig, clock: () => number = Date.now): ClosablePlatform {
  const logger = createLogger(name, config.logLevel);
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const health = createHealthChecks();
  const codec = createEventCodec({ schemasDir: config.schemasDir });
  const parts: { eventLog?: EventLog; vault?: SubjectVault; postgres?: Pool; clickhouse?: ClickHouseClient } = {};

  const openEventLog = (): EventLog => {
    const eventLog = createEventLog(config.eventLog, { clientId: name, clock });
    health.register('event-log', () => eventLog.bounds('touchpoints'));
    return eventLog;
  };
  const openVault = (): SubjectVault =>
    createSubjectVault({
      eventLog: platform.eventLog,
      codec,
      masterKeys: { current: config.secrets.masterKey, older: [] },
      hashKey: config.secrets.hashKey,
      folder: path.join(config.dataDir, 'subject-keys'),
      clock,
    });
  const openPostgres = (): Pool => {
    const pool = createPostgresPool({
      url: config.postgres.url,
      poolSize: config.postgres.poolSize,
      applicationName: `rapport-${name}`,
      onError: (error) => logger.warn({ error: describeError(error) }, 'an idle PostgreSQL connection broke'),
    });
    health.register('postgres', () => pool.query('SELECT 1'));
    return pool;
  };
  const openClickhouse = (): ClickHouseClient => {
    const { url, database, username, password } = config.clickhouse;
    const client = createClient({ url, database, username, password, application: `rapport-${name}` });
    health.register('clickhouse', async () => {
      const pong = await client.ping();
      if (!pong.success) throw pong.error;
    });
    return client;
  };

  const platform: ClosablePlatform = {
    config,
    clock,
    logger,
    metrics,
    health,
    codec,
    get eventLog() {
      return (parts.eventLog ??= openEventLog());
    },
    get vault() {
      return (parts.vault ??= openVault());
    },
    get postgres() {
      return (parts.postgres ??= openPostgres());
    },
    get clickhouse() {
      return (parts.clickhouse ??= openClickhouse());
    },
    async close() {
      await parts.clickhouse?.close();
      await parts.postgres?.end();
      await parts.vault?.close();
      await parts.eventLog?.close();
    },
  };
  return platform;
}
