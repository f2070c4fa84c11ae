import path from 'node:path';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import {
  createEventCodec,
  createEventLog,
  createSubjectVault,
  type EventLog,
  type MasterKeyOptions,
  type SubjectVault,
} from '@rapport/event-log';
import { createPostgresPool, type PostgresPoolOptions } from '@rapport/profile-db';
import type { Pool } from 'pg';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createAuditLog, type AuditLog } from '../audit/audit-log.js';
import type { RapportConfig } from '../config/config.js';
import { readMasterKeys, type MasterKeyBytes } from '../config/secrets.js';
import { describeError } from '../consumer/run-consumer.js';
import { createHealthChecks } from '../observability/health-checks.js';
import { createLogger } from '../observability/logger.js';
import type { Platform } from './platform.js';

export interface ClosablePlatform extends Platform {
  /** Closes the parts that were used, the log last. */
  close(): Promise<void>;
}

export interface PlatformOptions {
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  /** Whether touchpoints are opened for more than one consumer. Default true. */
  readonly hasSeveralReaders?: boolean;
  /** Hears of each process of the PostgreSQL server that works for this one, when it connects. */
  readonly onPostgresProcess?: (processId: number) => void;
}

/** Makes the platform of one process. Nothing is opened until it is used. */
export function createPlatform(name: string, config: RapportConfig, options: PlatformOptions = {}): ClosablePlatform {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const basis: PlatformBasis = {
    name,
    config,
    clock: options.clock ?? Date.now,
    hasSeveralReaders: options.hasSeveralReaders ?? true,
    metrics,
    logger: createLogger(name, config.logLevel),
    health: createHealthChecks(),
    codec: createEventCodec({ schemasDir: config.schemasDir }),
    onPostgresProcess: options.onPostgresProcess,
  };
  let closing = false;
  const parts: {
    eventLog?: EventLog;
    vault?: SubjectVault;
    postgres?: Pool;
    reads?: Pool;
    clickhouse?: ClickHouseClient;
    audit?: AuditLog;
  } = {};
  return {
    ...partsOf(basis),
    get eventLog() {
      return (parts.eventLog ??= openEventLog(basis));
    },
    get vault() {
      return (parts.vault ??= openVault(basis, this.eventLog));
    },
    get postgres() {
      return (parts.postgres ??= openPostgres(basis, () => closing));
    },
    get reads() {
      return (parts.reads ??= openReads(basis, () => closing));
    },
    get clickhouse() {
      return (parts.clickhouse ??= openClickhouse(basis));
    },
    get audit() {
      return (parts.audit ??= createAuditLog({
        ...basis,
        postgres: () => this.postgres,
        eventLog: () => this.eventLog,
      }));
    },
    async close() {
      closing = true;
      await parts.audit?.close();
      await parts.clickhouse?.close();
      await parts.reads?.end();
      await parts.postgres?.end();
      await parts.vault?.close();
      await parts.eventLog?.close();
    },
  };
}

type PlatformBasis = Omit<Platform, 'eventLog' | 'vault' | 'postgres' | 'reads' | 'clickhouse' | 'audit'> & {
  readonly name: string;
  readonly hasSeveralReaders: boolean;
  readonly onPostgresProcess: PlatformOptions['onPostgresProcess'];
};

function partsOf({ name: _name, hasSeveralReaders: _readers, onPostgresProcess: _heard, ...parts }: PlatformBasis) {
  return parts;
}

function openEventLog({ name, config, clock, health, logger }: PlatformBasis): EventLog {
  const onError = (error: unknown): void =>
    logger.warn({ error: describeError(error) }, 'the event log had trouble; it goes on by itself');
  const eventLog = createEventLog(config.eventLog, { clientId: `rapport-${name}`, clock, onError });
  health.register('event-log', () => eventLog.bounds('touchpoints'));
  return eventLog;
}

function openVault(
  { config, clock, hasSeveralReaders, codec, logger }: PlatformBasis,
  eventLog: EventLog,
): SubjectVault {
  return createSubjectVault({
    eventLog,
    codec,
    masterKeys: masterKeysFor(config),
    hashKey: config.secrets.hashKey,
    trustMs: config.keyCacheMs,
    hasSeveralReaders,
    folder: path.join(config.dataDir, 'subject-keys'),
    clock,
    onUndecodable: ({ partition, offset }) =>
      logger.error(
        { at: `subject-keys/${partition}`, offset },
        'a record on subject-keys is no subject key; passed over',
      ),
  });
}

function masterKeysFor({ dataDir, secrets }: RapportConfig): MasterKeyOptions {
  const setOf = ({ masterKey, olderMasterKeys }: MasterKeyBytes) => ({ current: masterKey, older: olderMasterKeys });
  return secrets.masterKeysInFile
    ? { ...setOf(secrets), readAgain: () => setOf(readMasterKeys(dataDir)) }
    : setOf(secrets);
}

function openPostgres(basis: PlatformBasis, isClosing: () => boolean): Pool {
  const pool = createPostgresPool(poolOptions(basis, isClosing));
  basis.health.register('postgres', () => pool.query('SELECT 1'));
  return pool;
}

/** Who asks for a profile is told then that the database does not answer. */
const answersWithinMs = 15_000;

function openReads(basis: PlatformBasis, isClosing: () => boolean): Pool {
  const options = poolOptions(basis, isClosing);
  return createPostgresPool({
    ...options,
    applicationName: `${options.applicationName}-reads`,
    plansOnce: true,
    staysConnected: true,
    answersWithinMs,
  });
}

function poolOptions(
  { name, config, logger, onPostgresProcess }: PlatformBasis,
  isClosing: () => boolean,
): PostgresPoolOptions {
  return {
    url: config.postgres.url,
    poolSize: config.postgres.poolSize,
    applicationName: `rapport-${name}`,
    ...(onPostgresProcess && { onServerProcess: onPostgresProcess }),
    onError: (error) => {
      if (!isClosing()) logger.warn({ error: describeError(error) }, 'an idle PostgreSQL connection broke');
    },
  };
}

function openClickhouse({ name, config, health }: PlatformBasis): ClickHouseClient {
  const { url, database, username, password } = config.clickhouse;
  const client = createClient({
    url,
    database,
    username,
    password,
    application: `rapport-${name}`,
    // The client's own log prints what ClickHouse says of a refused insert, and that quotes the row.
    log: { level: ClickHouseLogLevel.OFF },
  });
  health.register('clickhouse', async () => {
    const pong = await client.ping();
    if (!pong.success) throw pong.error;
  });
  return client;
}
