import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ClickHouse } from 'clickhouse';
import { authorization, basic, type ClickHouseUse } from './clickhouse-use.js';

const run = promisify(execFile);

/** `use` is filled before the first test. */
export function describeClickHouseTools(use: ClickHouseUse): void {
  describe('curl', () => {
    it('asks by GET and by POST', async () => {
      expect(await curl([`${use.server.url}/ping`])).toBe('Ok.\n');
      expect(await curl(['-u', basic(use.server.analyst), use.urlOf({ query: 'SELECT 1' })])).toBe('1\n');
      expect(
        await curl([
          '-u',
          basic(use.server.analyst),
          use.server.url,
          '--data-binary',
          'SELECT 2 AS two FORMAT JSONEachRow',
        ]),
      ).toBe('{"two":2}\n');
      expect(
        await curl([
          '-H',
          `X-ClickHouse-User: ${use.server.analyst.username}`,
          '-H',
          `X-ClickHouse-Key: ${use.server.analyst.password}`,
          use.server.url,
          '-d',
          'SELECT 3',
        ]),
      ).toBe('3\n');
    });

    it('inserts with the query in the URL or before the rows', async () => {
      await curl([
        '-u',
        basic(use.server.writer),
        use.urlOf({ query: 'INSERT INTO things (id, name) VALUES' }),
        '-d',
        "(1, 'one'), (2, 'two')",
      ]);
      await curl([
        '-u',
        basic(use.server.writer),
        use.urlOf({}),
        '--data-binary',
        'INSERT INTO things (id, name) FORMAT CSV\n3,three\n',
      ]);
      expect(await use.names()).toEqual(['one', 'two', 'three']);
    });

    it('changes nothing by GET', async () => {
      const said = await curl(['-u', basic(use.server.writer), use.urlOf({ query: 'DROP TABLE things' })]);
      expect(said).toMatch(/^Code: 164\./);
      expect(await use.names()).toEqual([]);
    });

    it('gets an error with its code and status', async () => {
      const response = await fetch(use.urlOf({ query: 'SELECT * FROM nowhere' }), {
        headers: authorization(use.server.analyst),
      });
      expect(response.status).toBe(404);
      expect(response.headers.get('x-clickhouse-exception-code')).toBe('60');
      expect(await response.text()).toMatch(/^Code: 60\. DB::Exception: .*\(UNKNOWN_TABLE\)/);
    });

    it('gets the headers that tools read', async () => {
      const response = await fetch(
        use.urlOf({ query: 'SELECT 1', query_id: 'my-question', default_format: 'JSONCompact' }),
        {
          headers: authorization(use.server.analyst),
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
      const { hostname, port } = new URL(use.server.url);
      const other = new ClickHouse({
        url: `http://${hostname}`,
        port: Number(port),
        basicAuth: use.server.writer,
        config: { database: use.server.database },
      });
      await other.insert('INSERT INTO things (id, name)', [{ id: 7, name: 'seven' }]).toPromise();
      expect(await other.query('SELECT id, name FROM things').toPromise()).toEqual([{ id: 7, name: 'seven' }]);
    });
  });
}

async function curl(parameters: string[]): Promise<string> {
  return (await run('curl', ['--silent', '--max-time', '30', ...parameters])).stdout;
}
