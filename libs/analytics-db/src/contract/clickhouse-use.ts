import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** A ClickHouse to try: with a writer, and an analyst who may only read (`readonly = 1`). */
export interface ClickHouseUnderTest {
  readonly url: string;
  readonly database: string;
  readonly writer: Credentials;
  readonly analyst: Credentials;
  stop(): Promise<void>;
}

/** The server under test and two who use it; there is an empty table `things` in it for every test. */
export interface ClickHouseUse {
  readonly server: ClickHouseUnderTest;
  readonly writer: ClickHouseClient;
  readonly analyst: ClickHouseClient;
  /** What the rows of `things` say, by id. */
  names(): Promise<string[]>;
  urlOf(parameters: Readonly<Record<string, string>>): string;
  /** The writer posts these bytes. */
  post(body: Buffer): RequestInit;
}

export function useOf(server: ClickHouseUnderTest): ClickHouseUse {
  const writer = clientOf(server, server.writer);
  return {
    server,
    writer,
    analyst: clientOf(server, server.analyst),
    async names() {
      const answer = await writer.query({ query: 'SELECT name FROM things ORDER BY id', format: 'JSONEachRow' });
      return (await answer.json<{ name: string }>()).map(({ name }) => name);
    },
    urlOf: (parameters) =>
      `${server.url}/?${new URLSearchParams({ database: server.database, ...parameters }).toString()}`,
    post: (body) => ({ method: 'POST', headers: authorization(server.writer), body: new Uint8Array(body) }),
  };
}

export function clientOf(
  { url, database }: ClickHouseUnderTest,
  { username, password }: Credentials,
  compression = { request: false, response: false },
): ClickHouseClient {
  return createClient({ url, database, username, password, compression, log: { level: ClickHouseLogLevel.OFF } });
}

export const basic = ({ username, password }: Credentials): string => `${username}:${password}`;

export function authorization(credentials: Credentials): Record<string, string> {
  return { Authorization: `Basic ${Buffer.from(basic(credentials)).toString('base64')}` };
}
