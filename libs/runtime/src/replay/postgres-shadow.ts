import type { ServiceName } from '@rapport/events';
import {
  canonicalTables,
  digestTable,
  enterShadowSchema,
  openShadowSchema,
  type ShadowOptions,
  type TableDigest,
} from '@rapport/profile-db';
import type { Pool, PoolClient } from 'pg';
import { Registry } from 'prom-client';
import { describeError } from '../consumer/run-consumer.js';
import type { Platform } from '../platform/platform.js';
import type { ComparedTable } from './rebuild.js';
import type { EnterShadow, Shadow } from './shadow.js';

/** The tables of a consumer in the PostgreSQL schema of its name. */
export async function openPostgresShadow(platform: Platform, name: ServiceName): Promise<Shadow> {
  const schema = await shadowSchema(platform, name, name);
  return {
    platform: onShadow(platform, { postgres: schema.pool }),
    settled: async () => undefined,
    async compare(tx) {
      await schema.forgetErased(tx);
      const live = await digestsOf(tx, name);
      const rebuilt = new Map((await digestsOf(tx, schema.schema)).map((digest) => [digest.table, digest]));
      return live.flatMap((digest): ComparedTable[] => {
        const { table } = digest;
        return [{ table: `${name}.${table}`, live: digest, rebuilt: rebuilt.get(table) ?? { ...digest, rows: 0 } }];
      });
    },
    async swap(tx) {
      await schema.forgetErased(tx);
      await schema.swap(tx, name);
    },
    close: () => schema.close(),
  };
}

/** The same from another thread or process, once it is there. */
export const enterPostgresShadow: EnterShadow = (platform, name) => {
  const postgres = enterShadow(platform, name, name);
  return { platform: onShadow(platform, { postgres }), close: () => postgres.end() };
};

/** Connections to a schema that is there; `schema` as in `shadowSchema`. */
export function enterShadow(platform: Platform, name: ServiceName, schema: string | undefined): Pool {
  return enterShadowSchema(schema, connectionOf(platform, name));
}

/** The schema itself; `schema` is undefined for a consumer that keeps nothing but its positions in PostgreSQL. */
export async function shadowSchema(platform: Platform, name: ServiceName, schema: string | undefined) {
  return openShadowSchema(platform.postgres, schema, connectionOf(platform, name));
}

function connectionOf({ config, logger }: Platform, name: ServiceName): ShadowOptions {
  return {
    name,
    url: config.postgres.url,
    poolSize: config.postgres.poolSize,
    applicationName: `rapport-rebuild-${name}`,
    onError: (error) => logger.warn({ error: describeError(error) }, 'an idle PostgreSQL connection broke'),
  };
}

/** The platform with some parts of the copy. Metrics are its own: a rebuild is no traffic. */
export function onShadow(platform: Platform, parts: Partial<Platform>): Platform {
  const own = Object.entries({ metrics: new Registry(), ...parts }).map(([name, value]) => [name, { value }] as const);
  return Object.create(platform, Object.fromEntries(own)) as Platform;
}

async function digestsOf(tx: PoolClient, schema: string): Promise<readonly TableDigest[]> {
  const digests: TableDigest[] = [];
  for (const table of await canonicalTables(tx, schema)) digests.push(await digestTable(table));
  return digests;
}
