import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RapportConfig } from '@rapport/runtime';

/** `endpoints.json` of the data folder: where a running Rapport can be reached. Its shape is a promise to scripts. */
export interface Endpoints {
  readonly http: string;
  readonly writeKey: string;
  readonly apiKey: string;
  readonly clickhouse: {
    readonly url: string;
    readonly database: string;
    readonly username: string;
    readonly password: string;
  };
  readonly postgres: string;
  /** Health and metrics of the consumers' process. */
  readonly consumers: string;
}

export function endpointsOf(config: RapportConfig, http: string, consumers: string): Endpoints {
  const { url, database, analyst } = config.clickhouse;
  return {
    http,
    writeKey: config.secrets.writeKey,
    apiKey: config.secrets.apiKey,
    clickhouse: { url, database, username: analyst.username, password: analyst.password },
    postgres: config.postgres.url,
    consumers,
  };
}

/** Written whole or not at all: a script that waits for the file never reads half of it. */
export function writeEndpoints(dataDir: string, endpoints: Endpoints): string {
  const file = path.join(dataDir, 'endpoints.json');
  writeFileSync(`${file}.new`, `${JSON.stringify(endpoints, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return file;
}

export function describeEndpoints(endpoints: Endpoints, dataDir: string): string {
  const { clickhouse } = endpoints;
  return [
    'Rapport is serving.',
    '',
    `  send events to   ${endpoints.http}   (Segment HTTP API)`,
    `  write key        ${endpoints.writeKey}`,
    `  profiles         ${endpoints.http}/v1/profiles/<userId>   (Authorization: Bearer ${endpoints.apiKey})`,
    `  outbox           ${endpoints.http}/outbox`,
    `  SQL              ${clickhouse.url}   (ClickHouse HTTP, database ${clickhouse.database}, user ${clickhouse.username}, password ${clickhouse.password})`,
    `  PostgreSQL       ${endpoints.postgres}`,
    `  data folder      ${dataDir}`,
    '',
    '  Next: npm run demo   (in another terminal). Stop with Ctrl-C; the data stays.',
    '',
  ].join('\n');
}
