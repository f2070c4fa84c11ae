import { execFile } from 'node:child_process';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { ClickHouse } from 'clickhouse';
import { insertSettings, querySettings } from '../client/clickhouse-settings.js';

const run = promisify(execFile);

/** A ClickHouse to try: with a writer, and an analyst who may only read (`readonly = 1`). */
export interface ClickHouseUnderTest {
  readonly url: string;
  readonly database: string;
  readonly writer: { readonly username: string; readonly password: string };
  readonly analyst: { readonly username: string; readonly password: string };
  stop(): Promise<void>;
}

/** What Rapport and the tools around it expect of a ClickHouse over HTTP, embedded or a server. */
export function describeClickHouse(start: () => Promise<ClickHouseUnderTest>): void {
  let server: ClickHouseUnderTest;
  let writer: ClickHouseClient;
  let analyst: ClickHouseClient;

  beforeAll(async () => {
    server = await start();
    writer = clientOf(server, server.writer);
    analyst = clientOf(server, server.analyst);
  });
  afterAll(async () => {
    await writer.close();
    await analyst.close();
    await server.stop();
  });
  beforeEach(async () => {
    await writer.command({ query: 'DROP TABLE IF EXISTS things' });
    await writer.command({
      query: `CREATE TABLE things (id UInt64, name String, price Nullable(Decimal(18, 4)), tags Array(String))
        ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 100`,
    });
  });

  describe('@clickhouse/client', () => {
    it('pings, with and without a question', async () => {
      expect(await writer.ping()).toEqual({ success: true });
      expect(await analyst.ping({ select: true })).toEqual({ success: true });
    });

    it('inserts objects and reads them back exactly', async () => {
      const values = [
        {
          id: '18446744073709551615',
          name: "tab\t quote' back\\slash \u{1F600} \n",
          price: '12345678901234.5678',
          tags: ['a', "b'"],
        },
        { id: '1', name: '', price: null, tags: [] },
      ];
      const { summary } = await writer.insert({ table: 'things', values, format: 'JSONEachRow' });
      expect(summary?.written_rows).toBe('2');
      const answer = await analyst.query({
        query: 'SELECT * FROM things ORDER BY id DESC',
        format: 'JSONEachRow',
        clickhouse_settings: querySettings,
      });
      expect(await answer.json()).toEqual(values);
    });

    it('inserts rows as arrays, and an empty list', async () => {
      await writer.insert({
        table: 'things',
        columns: ['id', 'name'],
        values: [[1, 'one']],
        format: 'JSONCompactEachRow',
      });
      await writer.insert({ table: 'things', values: [], format: 'JSONEachRow' });
      expect(await names()).toEqual(['one']);
    });

    it('inserts from a stream', async () => {
      const objects = Readable.from(Array.from({ length: 10_000 }, (_, id) => ({ id, name: `n${id}` })));
      await writer.insert({ table: 'things', values: objects, format: 'JSONEachRow' });
      const answer = await analyst.query({
        query: 'SELECT count(), max(name) FROM things',
        format: 'JSONCompactEachRow',
      });
      expect(await answer.json()).toEqual([[expect.anything(), 'n9999']]);
    });

    it('inserts CSV and binary formats as bytes', async () => {
      await writer.insert({
        table: 'things',
        values: Readable.from(['id,name\n', '1,"a,b"\n'], { objectMode: false }),
        format: 'CSVWithNames',
      });
      const row = Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, 3]), Buffer.from('\n\0x'), Buffer.from([1, 0])]);
      await fetch(urlOf({ query: 'INSERT INTO things FORMAT RowBinary' }), post(row));
      expect(await names()).toEqual(['a,b', '\n\0x']);
    });

    it('binds parameters by type, whatever characters they hold', async () => {
      const text = 'it\'s "x"; \\ \t\n DROP TABLE things -- {id:UInt8}';
      const answer = await analyst.query({
        query:
          'SELECT {text:String} AS text, {list:Array(String)} AS list, {day:Date} + 1 AS day, {none:Nullable(UInt8)} AS none, count() AS n FROM {table:Identifier}',
        query_params: { text, list: [text, ''], day: '2024-02-28', none: null, table: 'things' },
        format: 'JSONEachRow',
        clickhouse_settings: querySettings,
      });
      expect(await answer.json()).toEqual([{ text, list: [text, ''], day: '2024-02-29', none: null, n: '0' }]);
    });

    it.each(['JSONEachRow', 'JSONCompactEachRow', 'CSV', 'TabSeparated'] as const)(
      'streams a large answer as %s',
      async (format) => {
        const answer = await analyst.query({ query: 'SELECT number, toString(number) FROM numbers(300000)', format });
        let rows = 0;
        let last = '';
        for await (const chunk of answer.stream()) {
          rows += chunk.length;
          last = chunk.at(-1)?.text ?? last;
        }
        expect(rows).toBe(300_000);
        expect(last).toContain('299999');
      },
    );

    it.each([
      ['CSVWithNames', 300_001],
      ['TabSeparatedWithNamesAndTypes', 300_002],
      ['JSONCompactEachRowWithNamesAndTypes', 300_002],
    ] as const)('writes the header of %s once', async (format, lines) => {
      const answer = await analyst.query({ query: 'SELECT number FROM numbers(300000)', format });
      expect((await answer.text()).trimEnd().split('\n')).toHaveLength(lines);
    });

    it('gives the same binary answer in one piece or in many', async () => {
      const ask = async (rows: number): Promise<Buffer> => {
        const query = `SELECT number FROM numbers(${rows}) FORMAT RowBinaryWithNamesAndTypes`;
        const response = await fetch(urlOf({ query }), { headers: authorization(server.analyst) });
        return Buffer.from(await response.arrayBuffer());
      };
      const header = (await ask(0)).length;
      const many = await ask(200_000);
      expect(many).toHaveLength(header + 200_000 * 8);
      expect(many.readBigUInt64LE(many.length - 8)).toBe(199_999n);
    });

    it('answers JSON as one object with its metadata', async () => {
      const answer = await analyst.query({ query: 'SELECT 1 AS one', format: 'JSON' });
      expect(await answer.json()).toMatchObject({
        meta: [{ name: 'one', type: 'UInt8' }],
        data: [{ one: 1 }],
        rows: 1,
      });
    });

    it('compresses questions and answers', async () => {
      const compressing = clientOf(server, server.writer, { request: true, response: true });
      await compressing.insert({ table: 'things', values: [{ id: 1, name: 'zip' }], format: 'JSONEachRow' });
      const answer = await compressing.query({ query: 'SELECT name FROM things', format: 'JSONEachRow' });
      expect(await answer.json()).toEqual([{ name: 'zip' }]);
      expect(answer.response_headers['content-encoding']).toBe('gzip');
      await compressing.close();
    });

    it('adds rows under one deduplication token once', async () => {
      const insert = (id: number, token: string): Promise<unknown> =>
        writer.insert({
          table: 'things',
          values: [{ id, name: `n${id}` }],
          format: 'JSONEachRow',
          clickhouse_settings: { ...insertSettings, insert_deduplication_token: token },
        });
      await insert(1, 'batch-1');
      await insert(1, 'batch-1');
      await insert(2, 'batch-2');
      expect(await names()).toEqual(['n1', 'n2']);
    });

    it.each([
      ['SELECT * FROM nowhere', '60', 'UNKNOWN_TABLE'],
      ['SELEC 1', '62', 'SYNTAX_ERROR'],
      ['SELECT nothing', '47', 'UNKNOWN_IDENTIFIER'],
      ['SELECT 1; SELECT 2', '62', 'SYNTAX_ERROR'],
      ['SELECT {x:UInt8}', '456', 'UNKNOWN_QUERY_PARAMETER'],
      [
        'SELECT sleepEachRow(1) FROM numbers(30) SETTINGS max_block_size = 1, max_execution_time = 1',
        '159',
        'TIMEOUT_EXCEEDED',
      ],
    ])('names the error of %s', async (query, code, type) => {
      await expect(writer.query({ query, format: 'JSONEachRow' })).rejects.toMatchObject({ code, type });
    });

    it('stores nothing of an insert with a row that cannot be read', async () => {
      const values = [
        { id: 1, name: 'good' },
        { id: 'x', name: 'bad' },
      ];
      await expect(writer.insert({ table: 'things', values, format: 'JSONEachRow' })).rejects.toMatchObject({
        code: expect.stringMatching(/^(27|26|117|72)$/) as string,
      });
      expect(await names()).toEqual([]);
    });

    it('tells an error that shows after the first rows', async () => {
      const failing = analyst
        .query({ query: 'SELECT throwIf(number = 250000) FROM numbers(300000)', format: 'JSONEachRow' })
        .then(async (answer) => {
          for await (const rows of answer.stream()) void rows;
        });
      await expect(failing).rejects.toMatchObject({ code: '395' });
    });

    it('refuses a wrong password and an unknown user', async () => {
      for (const credentials of [
        { ...server.writer, password: 'wrong' },
        { username: 'nobody', password: '' },
      ]) {
        const stranger = clientOf(server, credentials);
        await expect(stranger.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '516' });
        await stranger.close();
      }
    });
  });

  describe('the analyst', () => {
    it.each([
      'INSERT INTO things (id) VALUES (1)',
      'DROP TABLE things',
      'TRUNCATE TABLE things',
      'CREATE TABLE mine (id UInt8) ENGINE = Memory',
      'ALTER TABLE things ADD COLUMN more UInt8',
      'SELECT 1 SETTINGS max_execution_time = 0, max_memory_usage = 0',
      'SET readonly = 0',
      'SYSTEM FLUSH LOGS',
      "SELECT * FROM file('/etc/passwd', LineAsString)",
      "DESCRIBE TABLE file('/etc/passwd', LineAsString)",
      "SELECT * FROM url('http://127.0.0.1:1/', LineAsString)",
      "SELECT * FROM remote('127.0.0.1:1', system.one)",
      "SELECT 1 INTO OUTFILE '/tmp/out'",
    ])('may not do %s', async (query) => {
      await expect(analyst.command({ query })).rejects.toHaveProperty('code');
      // And nothing happened.
      expect(await names()).toEqual([]);
      const tables = await writer.query({ query: 'SHOW TABLES', format: 'TabSeparated' });
      expect(await tables.text()).toBe('things\n');
    });

    it('may ask what there is', async () => {
      for (const query of [
        'SHOW TABLES',
        'DESCRIBE TABLE things',
        'SHOW CREATE TABLE things',
        'EXPLAIN SELECT 1',
        'EXISTS things',
      ]) {
        expect((await (await analyst.query({ query, format: 'TabSeparated' })).text()).length).toBeGreaterThan(0);
      }
    });
  });

  describe('curl', () => {
    it('asks by GET and by POST', async () => {
      expect(await curl([`${server.url}/ping`])).toBe('Ok.\n');
      expect(await curl(['-u', basic(server.analyst), urlOf({ query: 'SELECT 1' })])).toBe('1\n');
      expect(
        await curl(['-u', basic(server.analyst), server.url, '--data-binary', 'SELECT 2 AS two FORMAT JSONEachRow']),
      ).toBe('{"two":2}\n');
      expect(
        await curl([
          '-H',
          `X-ClickHouse-User: ${server.analyst.username}`,
          '-H',
          `X-ClickHouse-Key: ${server.analyst.password}`,
          server.url,
          '-d',
          'SELECT 3',
        ]),
      ).toBe('3\n');
    });

    it('inserts with the query in the URL or before the rows', async () => {
      await curl([
        '-u',
        basic(server.writer),
        urlOf({ query: 'INSERT INTO things (id, name) VALUES' }),
        '-d',
        "(1, 'one'), (2, 'two')",
      ]);
      await curl([
        '-u',
        basic(server.writer),
        urlOf({}),
        '--data-binary',
        'INSERT INTO things (id, name) FORMAT CSV\n3,three\n',
      ]);
      expect(await names()).toEqual(['one', 'two', 'three']);
    });

    it('changes nothing by GET', async () => {
      const said = await curl(['-u', basic(server.writer), urlOf({ query: 'DROP TABLE things' })]);
      expect(said).toMatch(/^Code: 164\./);
      expect(await names()).toEqual([]);
    });

    it('gets an error with its code and status', async () => {
      const response = await fetch(urlOf({ query: 'SELECT * FROM nowhere' }), {
        headers: authorization(server.analyst),
      });
      expect(response.status).toBe(404);
      expect(response.headers.get('x-clickhouse-exception-code')).toBe('60');
      expect(await response.text()).toMatch(/^Code: 60\. DB::Exception: .*\(UNKNOWN_TABLE\)/);
    });

    it('gets the headers that tools read', async () => {
      const response = await fetch(
        urlOf({ query: 'SELECT 1', query_id: 'my-question', default_format: 'JSONCompact' }),
        {
          headers: authorization(server.analyst),
        },
      );
      expect(response.headers.get('x-clickhouse-query-id')).toBe('my-question');
      expect(response.headers.get('x-clickhouse-format')).toBe('JSONCompact');
      expect(response.headers.get('x-clickhouse-timezone')).toBe('UTC');
      expect(JSON.parse(response.headers.get('x-clickhouse-summary') ?? '')).toHaveProperty('read_rows');
    });
  });

  describe('the npm client "clickhouse"', () => {
    it('creates, inserts and asks', async () => {
      const { hostname, port } = new URL(server.url);
      const other = new ClickHouse({
        url: `http://${hostname}`,
        port: Number(port),
        basicAuth: server.writer,
        config: { database: server.database },
      });
      await other.insert('INSERT INTO things (id, name)', [{ id: 7, name: 'seven' }]).toPromise();
      expect(await other.query('SELECT id, name FROM things').toPromise()).toEqual([{ id: 7, name: 'seven' }]);
    });
  });

  async function names(): Promise<string[]> {
    const answer = await writer.query({ query: 'SELECT name FROM things ORDER BY id', format: 'JSONEachRow' });
    return (await answer.json<{ name: string }>()).map(({ name }) => name);
  }

  function urlOf(parameters: Readonly<Record<string, string>>): string {
    return `${server.url}/?${new URLSearchParams({ database: server.database, ...parameters }).toString()}`;
  }

  function post(body: Buffer): RequestInit {
    return { method: 'POST', headers: authorization(server.writer), body: new Uint8Array(body) };
  }
}

interface Credentials {
  readonly username: string;
  readonly password: string;
}

function clientOf(
  { url, database }: ClickHouseUnderTest,
  { username, password }: Credentials,
  compression = { request: false, response: false },
): ClickHouseClient {
  return createClient({ url, database, username, password, compression, log: { level: ClickHouseLogLevel.OFF } });
}

const basic = ({ username, password }: Credentials): string => `${username}:${password}`;

function authorization(credentials: Credentials): Record<string, string> {
  return { Authorization: `Basic ${Buffer.from(basic(credentials)).toString('base64')}` };
}

async function curl(parameters: string[]): Promise<string> {
  return (await run('curl', ['--silent', '--max-time', '30', ...parameters])).stdout;
}
