import 'reflect-metadata';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { RapportConfig } from './config.js';
import { RapportEnvironment } from './environment.dto.js';
import { hasSecrets, masterKeysOf, readOrCreateSecrets, type GeneratedSecrets } from './secrets.js';

/** The environment cannot be used; `faults` names every variable at fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly faults: readonly string[]) {
    super(`The environment cannot be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Validates the environment once. Errors: `ConfigError` with all faults. Blank variables count as absent. */
export function loadConfig(environment: Environment = process.env): RapportConfig {
  const env = validated(environment);
  const dataDir = path.resolve(env.RAPPORT_DATA_DIR ?? path.join(projectRoot(), '.rapport'));
  const secrets = secretsOf(env, dataDir);
  const clickhouse = clickhouseOf(env, secrets);
  return {
    dataDir,
    http: { host: env.RAPPORT_HTTP_HOST ?? '127.0.0.1', port: env.RAPPORT_HTTP_PORT },
    publicUrl: (env.RAPPORT_PUBLIC_URL ?? `http://localhost:${env.RAPPORT_HTTP_PORT}`).replace(/\/+$/, ''),
    secrets: {
      ...masterKeysOf(secrets),
      masterKeysInFile: !env.RAPPORT_MASTER_KEY,
      hashKey: Buffer.from(secrets.hashKey, 'base64'),
      writeKey: secrets.writeKey,
      apiKey: secrets.apiKey,
    },
    keyCacheMs: env.RAPPORT_KEY_CACHE_SECONDS * 1000,
    diskReserveBytes: env.RAPPORT_DISK_RESERVE_MB * 1_000_000,
    eventLog: env.RAPPORT_KAFKA_BROKERS
      ? {
          kind: 'kafka',
          brokers: env.RAPPORT_KAFKA_BROKERS.split(','),
          partitions: env.RAPPORT_PARTITIONS ?? 8,
          replicationFactor: env.RAPPORT_KAFKA_REPLICATION_FACTOR,
        }
      : // Consumers of one process share its thread: more partitions would only cut batches smaller.
        { kind: 'embedded', folder: path.join(dataDir, 'log'), partitions: env.RAPPORT_PARTITIONS ?? 2 },
    postgres: {
      url: env.RAPPORT_POSTGRES_URL ?? `postgres://rapport:rapport@127.0.0.1:${env.RAPPORT_POSTGRES_PORT}/rapport`,
      poolSize: env.RAPPORT_POSTGRES_POOL,
      embedded: env.RAPPORT_POSTGRES_URL ? undefined : { port: env.RAPPORT_POSTGRES_PORT },
    },
    clickhouse,
    ...foldersOf(env),
    // Embedded, a person reads the terminal; distributed, a log collector does.
    logLevel: env.RAPPORT_LOG_LEVEL ?? (env.RAPPORT_KAFKA_BROKERS ? 'info' : 'warn'),
  };
}

/**
 * The same for a data folder that is named, and that a start has made before: `undefined` where it is none, so that a typing
 * error does not end with new keys that open nothing. With Kafka, where all secrets are given, none is needed.
 */
export function loadConfigOf(dataDir: string, environment: Environment = process.env): RapportConfig | undefined {
  const own = { ...environment, RAPPORT_DATA_DIR: dataDir };
  return hasSecrets(dataDir) || validated(own).RAPPORT_KAFKA_BROKERS ? loadConfig(own) : undefined;
}

type Folders = Pick<RapportConfig, 'definitionsDir' | 'schemasDir'>;

/** Where definitions and schemas are, for who needs no more: unlike `loadConfig` it makes no data folder. Errors: the same. */
export function loadFolders(environment: Environment = process.env): Folders {
  return foldersOf(validated(environment));
}

function foldersOf({ RAPPORT_DEFINITIONS_DIR: definitionsDir }: RapportEnvironment): Folders {
  const root = projectRoot();
  return {
    definitionsDir: path.resolve(definitionsDir ?? path.join(root, 'deploy/definitions')),
    schemasDir: path.join(root, 'schemas'),
  };
}

function validated(environment: Environment): RapportEnvironment {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => name.startsWith('RAPPORT_') && value?.trim()),
  );
  const env = plainToInstance(RapportEnvironment, given, { exposeDefaultValues: true });
  const faults = validateSync(env, { whitelist: true, forbidNonWhitelisted: true }).flatMap((error) =>
    error.constraints?.['whitelistValidation']
      ? [`${error.property} is no setting of Rapport; see deploy/config/.env.example`]
      : Object.values(error.constraints ?? {}),
  );
  if (env.RAPPORT_KAFKA_BROKERS) {
    for (const name of ['RAPPORT_MASTER_KEY', 'RAPPORT_HASH_KEY', 'RAPPORT_WRITE_KEY', 'RAPPORT_API_KEY'] as const) {
      if (!env[name]) {
        faults.push(`${name} must be set when RAPPORT_KAFKA_BROKERS is: every process needs the same secrets`);
      }
    }
  }
  const { RAPPORT_DEFINITIONS_DIR: definitions } = env;
  if (definitions !== undefined && statSync(definitions, { throwIfNoEntry: false })?.isDirectory() !== true) {
    faults.push(
      `RAPPORT_DEFINITIONS_DIR must be a folder like deploy/definitions; ${path.resolve(definitions)} is none`,
    );
  }
  if (faults.length > 0) throw new ConfigError([...new Set(faults)]);
  return env;
}

function secretsOf(env: RapportEnvironment, dataDir: string): GeneratedSecrets {
  const given = {
    // A key of the environment replaces those of the file whole: a stray older key must not open anything.
    ...(env.RAPPORT_MASTER_KEY ? { masterKey: env.RAPPORT_MASTER_KEY, olderMasterKeys: [] } : {}),
    ...(env.RAPPORT_OLDER_MASTER_KEYS ? { olderMasterKeys: env.RAPPORT_OLDER_MASTER_KEYS.split(',') } : {}),
    ...(env.RAPPORT_HASH_KEY ? { hashKey: env.RAPPORT_HASH_KEY } : {}),
    ...(env.RAPPORT_WRITE_KEY ? { writeKey: env.RAPPORT_WRITE_KEY } : {}),
    ...(env.RAPPORT_API_KEY ? { apiKey: env.RAPPORT_API_KEY } : {}),
  };
  return { ...readOrCreateSecrets(dataDir), ...given };
}

function clickhouseOf(env: RapportEnvironment, secrets: GeneratedSecrets): RapportConfig['clickhouse'] {
  const database = env.RAPPORT_CLICKHOUSE_DATABASE;
  const analyst = { username: 'analyst', password: secrets.analystPassword };
  if (!env.RAPPORT_CLICKHOUSE_URL) {
    return {
      url: `http://127.0.0.1:${env.RAPPORT_CLICKHOUSE_PORT}`,
      database,
      username: 'rapport',
      password: secrets.clickhousePassword,
      analyst,
      embedded: { port: env.RAPPORT_CLICKHOUSE_PORT, analystMemoryBytes: env.RAPPORT_ANALYST_MEMORY_MB * 1024 ** 2 },
    };
  }
  const url = new URL(env.RAPPORT_CLICKHOUSE_URL);
  const username = decodeURIComponent(url.username) || 'default';
  const password = decodeURIComponent(url.password);
  url.username = '';
  url.password = '';
  return {
    url: url.toString().replace(/\/$/, ''),
    database,
    username,
    password,
    analyst: { username, password },
    ...(env.RAPPORT_CLICKHOUSE_CLUSTER && { cluster: env.RAPPORT_CLICKHOUSE_CLUSTER }),
    embedded: undefined,
  };
}

/** The folder that holds `schemas/`, found from this module upwards, whether it runs from sources or built. */
function projectRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'schemas', 'events'))) {
    const parent = path.dirname(folder);
    if (parent === folder)
      throw new Error('schemas/events was not found above this program; the installation is not whole');
    folder = parent;
  }
  return folder;
}
