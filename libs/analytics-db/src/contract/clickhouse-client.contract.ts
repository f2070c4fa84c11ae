import { Readable } from 'node:stream';
import { insertSettings, querySettings } from '../client/clickhouse-settings.js';
import { authorization, clientOf, type ClickHouseUse } from './clickhouse-use.js';

/** `use` is filled before the first test. */
export function describeClickHouseClient(use: ClickHouseUse): void {
  describe('@clickhouse/client', () => {
    it('pings, with and without a question', async () => {
      expect(await use.writer.ping()).toEqual({ success: true });
      expect(await use.analyst.ping({ select: true })).toEqual({ success: true });
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
      const { summary } = await use.writer.insert({ table: 'things', values, format: 'JSONEachRow' });
      expect(summary?.written_rows).toBe('2');
      const answer = await use.analyst.query({
        query: 'SELECT * FROM things ORDER BY id DESC',
        format: 'JSONEachRow',
        clickhouse_settings: querySettings,
      });
      expect(await answer.json()).toEqual(values);
    });

    it('inserts rows as arrays, and an empty list', async () => {
      await use.writer.insert({
        table: 'things',
        columns: ['id', 'name'],
        values: [[1, 'one']],
        format: 'JSONCompactEachRow',
      });
      await use.writer.insert({ table: 'things', values: [], format: 'JSONEachRow' });
      expect(await use.names()).toEqual(['one']);
    });

    it('inserts from a stream', async () => {
      const objects = Readable.from(Array.from({ length: 10_000 }, (_, id) => ({ id, name: `n${id}` })));
      await use.writer.insert({ table: 'things', values: objects, format: 'JSONEachRow' });
      const answer = await use.analyst.query({
        query: 'SELECT count(), max(name) FROM things',
        format: 'JSONCompactEachRow',
      });
      expect(await answer.json()).toEqual([[expect.anything(), 'n9999']]);
    });

    it('inserts CSV and binary formats as bytes', async () => {
      await use.writer.insert({
        table: 'things',
        values: Readable.from(['id,name\n', '1,"a,b"\n'], { objectMode: false }),
        format: 'CSVWithNames',
      });
      const row = Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, 3]), Buffer.from('\n\0x'), Buffer.from([1, 0])]);
      await fetch(use.urlOf({ query: 'INSERT INTO things FORMAT RowBinary' }), use.post(row));
      expect(await use.names()).toEqual(['a,b', '\n\0x']);
    });

    it('binds parameters by type, whatever characters they hold', async () => {
      const text = 'it\'s "x"; \\ \t\n DROP TABLE things -- {id:UInt8}';
      const answer = await use.analyst.query({
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
        const answer = await use.analyst.query({
          query: 'SELECT number, toString(number) FROM numbers(300000)',
          format,
        });
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
      const answer = await use.analyst.query({ query: 'SELECT number FROM numbers(300000)', format });
      expect((await answer.text()).trimEnd().split('\n')).toHaveLength(lines);
    });

    it('gives the same binary answer in one piece or in many', async () => {
      const ask = async (rows: number): Promise<Buffer> => {
        const query = `SELECT number FROM numbers(${rows}) FORMAT RowBinaryWithNamesAndTypes`;
        const response = await fetch(use.urlOf({ query }), { headers: authorization(use.server.analyst) });
        return Buffer.from(await response.arrayBuffer());
      };
      const header = (await ask(0)).length;
      const many = await ask(200_000);
      expect(many).toHaveLength(header + 200_000 * 8);
      expect(many.readBigUInt64LE(many.length - 8)).toBe(199_999n);
    });

    it('answers JSON as one object with its metadata', async () => {
      const answer = await use.analyst.query({ query: 'SELECT 1 AS one', format: 'JSON' });
      expect(await answer.json()).toMatchObject({
        meta: [{ name: 'one', type: 'UInt8' }],
        data: [{ one: 1 }],
        rows: 1,
      });
    });

    it('compresses questions and answers', async () => {
      const compressing = clientOf(use.server, use.server.writer, { request: true, response: true });
      await compressing.insert({ table: 'things', values: [{ id: 1, name: 'zip' }], format: 'JSONEachRow' });
      const answer = await compressing.query({ query: 'SELECT name FROM things', format: 'JSONEachRow' });
      expect(await answer.json()).toEqual([{ name: 'zip' }]);
      expect(answer.response_headers['content-encoding']).toBe('gzip');
      await compressing.close();
    });

    it('adds rows under one deduplication token once', async () => {
      const insert = (id: number, token: string): Promise<unknown> =>
        use.writer.insert({
          table: 'things',
          values: [{ id, name: `n${id}` }],
          format: 'JSONEachRow',
          clickhouse_settings: { ...insertSettings, insert_deduplication_token: token },
        });
      await insert(1, 'batch-1');
      await insert(1, 'batch-1');
      await insert(2, 'batch-2');
      expect(await use.names()).toEqual(['n1', 'n2']);
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
      await expect(use.writer.query({ query, format: 'JSONEachRow' })).rejects.toMatchObject({ code, type });
    });

    it('stores nothing of an insert with a row that cannot be read', async () => {
      const values = [
        { id: 1, name: 'good' },
        { id: 'x', name: 'bad' },
      ];
      await expect(use.writer.insert({ table: 'things', values, format: 'JSONEachRow' })).rejects.toMatchObject({
        code: expect.stringMatching(/^(27|26|117|72)$/) as string,
      });
      expect(await use.names()).toEqual([]);
    });

    it('tells an error that shows after the first rows', async () => {
      const failing = use.analyst
        .query({ query: 'SELECT throwIf(number = 250000) FROM numbers(300000)', format: 'JSONEachRow' })
        .then(async (answer) => {
          for await (const rows of answer.stream()) void rows;
        });
      await expect(failing).rejects.toMatchObject({ code: '395' });
    });

    it('refuses a wrong password and an unknown user', async () => {
      for (const credentials of [
        { ...use.server.writer, password: 'wrong' },
        { username: 'nobody', password: '' },
      ]) {
        const stranger = clientOf(use.server, credentials);
        await expect(stranger.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '516' });
        await stranger.close();
      }
    });
  });
}
