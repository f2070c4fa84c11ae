import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { jest } from '@jest/globals';
import { startTestClickHouse, temporaryFolder, type TestClickHouse } from '@rapport/testing';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { type CommandError } from './command-error.js';
import { rapportProgram } from './program.js';
import { isEngineError, sqlFailure } from './sql-result/sql-error.js';
import { type Terminal } from './terminal.js';

const root = path.resolve(import.meta.dirname, '../../../..');

describe('rapport sql', () => {
  const folder = temporaryFolder();
  let clickhouse: TestClickHouse;
  let analyst: ClickHouseClient;
  let printed: string[];
  let noted: string[];

  beforeAll(async () => {
    clickhouse = await startTestClickHouse(path.join(root, 'schemas'));
    const connection = { url: clickhouse.url, database: 'rapport', username: 'analyst', password: 'analyst' };
    analyst = createClient({ ...connection, log: { level: ClickHouseLogLevel.OFF } });
    const endpoints = {
      http: clickhouse.url,
      writeKey: 'w',
      apiKey: 'a',
      postgres: 'postgres://127.0.0.1',
      clickhouse: connection,
    };
    await writeFile(path.join(folder.path, 'endpoints.json'), JSON.stringify(endpoints));
  });
  afterAll(async () => {
    await analyst.close();
    await clickhouse.stop();
    folder.remove();
  });
  beforeEach(() => void ([printed, noted] = [[], []]));

  const run = async (...line: string[]) => {
    const terminal: Terminal = {
      print: (text) => void printed.push(text),
      note: (text) => void noted.push(text),
      colours: false,
      progress: undefined,
    };
    await rapportProgram(terminal).parseAsync(['sql', ...line, '--data-dir', folder.path], { from: 'user' });
    return printed.join('\n');
  };
  const failure = async (...line: string[]) => (await run(...line).catch((error: unknown) => error)) as CommandError;
  const file = (name: string) => path.join(folder.path, name);

  describe('of a workspace', () => {
    beforeAll(async () => {
      const workspace = { name: 'x', time_zone: 'UTC', currency: 'EUR', loaded_at: '2024-01-01 00:00:00.000' };
      await clickhouse.client.insert({
        table: 'workspaces',
        values: ['default', 'shop'].map((id, position) => ({ ...workspace, workspace_id: id, position })),
        format: 'JSONEachRow',
      });
    });
    afterAll(() => clickhouse.client.command({ query: 'TRUNCATE TABLE workspaces' }));

    it('asks as its SQL user, who sees no other', async () => {
      const question = 'SELECT workspace_id FROM workspaces';
      expect(await run(question, '--json')).toBe('{"workspace_id":"default"}');
      printed = [];
      expect(await run(question, '--json', '--workspace', 'shop')).toBe('{"workspace_id":"shop"}');
    });

    it.each(['nobody', '', 'sh op'])('refuses one that is not declared: "%s"', async (id) => {
      const refused = await failure('SELECT 1', '--workspace', id);
      expect(refused.message).toBe(`There is no workspace ${id}.`);
      expect(refused.hint).toMatch(/definitions\/sources/);
      expect(printed).toEqual([]);
    });

    it('says how to mend a SQL user that the server does not know', () => {
      const refused = sqlFailure(Object.assign(new Error('analyst_shop: Authentication failed'), { code: '516' }));
      expect(refused.message).toMatch(/^The SQL user is not known: /);
      expect(refused.hint).toMatch(/docs\/access\.md/);
    });
  });

  describe('prints', () => {
    it('a table, numbers to the right', async () => {
      const table = await run(
        "SELECT * FROM (SELECT 'a' AS name, 1 AS number UNION ALL SELECT 'bcd', 1000) ORDER BY number;",
      );
      expect(table.split('\n')).toEqual(['name number', '──── ──────', 'a         1', 'bcd    1000']);
      expect(noted).toEqual(['2 rows']);
    });

    it('of a long table as much as anybody reads, and says how to get the rest', async () => {
      const lines = (await run('SELECT number FROM numbers(200000)')).split('\n');
      expect([lines.length, lines.at(-1)]).toEqual([10_002, '  9999']);
      expect(noted).toEqual([
        'the first 10000 of 200000 rows; all of them come with --format csv, --json or --output FILE',
      ]);
      printed = [];
      await run('SELECT number FROM numbers(200000)', '--json');
      expect(printed).toHaveLength(200_000);
    });

    it('one JSON object a row', async () => {
      expect(await run('SELECT number AS n, NULL AS nothing FROM numbers(2)', '--json')).toBe(
        '{"n":0,"nothing":null}\n{"n":1,"nothing":null}',
      );
    });

    it('the answer to a question in a file, with parameters of any characters', async () => {
      await writeFile(file('question.sql'), 'SELECT {name:String} AS name, {days:UInt16} + 1 AS days -- of what?\n;\n');
      const options = ['--param', "name=o'Neil = x", '-p', 'days=6', '--json'];
      expect(await run(file('question.sql'), ...options)).toBe('{"name":"o\'Neil = x","days":7}');
    });

    it.each([[], ['--format', 'JSONEachRow']])(
      'lists as parameters, as they are written in SQL %s',
      async (...format) => {
        const query = 'SELECT {steps: Array(String)} AS steps, {text:String} AS text';
        const written = format.length === 0 ? ['--json'] : ['--output', file('steps.jsonl'), ...format];
        const answer = await run(query, '-p', "steps=['a','o\\'b']", '-p', "text=['a']", ...written);
        const said = format.length === 0 ? answer : await readFile(file('steps.jsonl'), 'utf8');
        expect(JSON.parse(said)).toEqual({ steps: ['a', "o'b"], text: "['a']" });
      },
    );

    it('a format of ClickHouse', async () => {
      const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
      try {
        await run('SELECT 1 AS a, 2 AS b', '--format', 'csv');
        expect(write.mock.calls.map(([bytes]) => String(bytes)).join('')).toBe('"a","b"\n1,2\n');
      } finally {
        write.mockRestore();
      }
    });
  });

  describe('draws', () => {
    it('lines over numbers and over time', async () => {
      const chart = await run('SELECT number AS month, 1 / (number + 1) AS retention FROM numbers(6)', '--chart');
      expect(chart).toContain('retention');
      expect(chart).toMatch(/[┓┏┗┛]/);
      expect(
        await run("SELECT toDate('2010-01-01') + 31 * number AS day, number FROM numbers(6)", '--chart'),
      ).toContain('2010-01-01');
    });

    it('a line for each value of the second of three columns, with a legend', async () => {
      const chart = await run(
        "SELECT number % 3 AS month, if(number < 3, '2010-01', '2010-02') AS cohort, number AS customers FROM numbers(6)",
        '--chart',
      );
      expect(chart).toContain('2010-01');
      expect(chart).toContain('2010-02');
    });

    it('bars of anything else, in proportion', async () => {
      const chart = await run(
        "SELECT * FROM (SELECT 'email' AS source, 100 AS customers UNION ALL SELECT 'ads', 50) ORDER BY 2 DESC",
        '--chart',
      );
      const [email, ads] = chart.split('\n').slice(2);
      expect(email?.match(/█/g)).toHaveLength(2 * (ads?.match(/█/g)?.length ?? Number.NaN));
      expect(email).toMatch(/^email .*100$/);
    });

    it('a heat map: first column down, second across in the order of its size, shares as percentages', async () => {
      const question =
        "SELECT * FROM VALUES('cohort String, age UInt8, retention Float64', ('2010-02', 0, 1), ('2010-01', 10, 0.256), ('2010-01', 2, 0.5))";
      expect((await run(question, '--heat-map')).split('\n')).toEqual([
        'retention by cohort (down) and age (across)',
        'cohort     0    2   10',
        '─────── ──── ──── ────',
        '2010-02 100%',
        '2010-01       50%  26%',
      ]);
    });

    it('a picture where the file ends in .svg, of lines, bars or a heat map', async () => {
      const picture = async (name: string, ...line: string[]) => {
        await run(...line, '--output', file(name));
        return readFile(file(name), 'utf8');
      };
      const lines = await picture(
        'lines.svg',
        "SELECT toDate('2010-01-01') + number AS day, number AS orders FROM numbers(6)",
      );
      expect(lines).toMatch(/^<svg [\s\S]*orders[\s\S]*<\/svg>$/);
      expect(await picture('bars.svg', "SELECT 'email' AS source, 100 AS customers")).toContain('email');
      const map = await picture('map.svg', "SELECT '2010-01' AS cohort, 1 AS age, 0.25 AS retention", '--heat-map');
      expect(map).toContain('>25%</text>');
      expect(map).not.toMatch(/<script|href=/);
      expect(noted.at(-1)).toBe(`${file('map.svg')} (SVG)`);
    });

    it('no picture of the wrong columns, nothing at all, or into a table of data', async () => {
      expect((await failure('SELECT 1 AS a, 2 AS b', '--heat-map')).message).toMatch(/three columns/);
      expect((await failure('SELECT 1 AS a, 2 AS b WHERE a = 2', '-o', file('none.svg'))).message).toMatch(/empty/);
      const mixed = await failure('SELECT 1 AS a, 2 AS b', '--chart', '-o', file('mixed.csv'));
      expect(mixed.message).toMatch(/A picture cannot be written as .*mixed\.csv/);
      expect(mixed.hint).toMatch(/\.svg/);
      expect(await readdir(folder.path)).not.toContain('none.svg');
    });

    it('nothing of an empty result, and says what it needs', async () => {
      expect(await run('SELECT 1 AS a, 2 AS b WHERE a = 2', '--chart')).toBe(
        'There is nothing to draw: the result is empty.',
      );
      expect((await failure("SELECT 1 AS a, 'x' AS b", '--chart')).message).toMatch(
        /no column beside the first is a number/,
      );
      expect((await failure('SELECT number, toString(number), 1 FROM numbers(20)', '--chart')).message).toMatch(
        /20 lines are too many/,
      );
      expect((await failure('SELECT toString(number), number FROM numbers(200000)', '--chart')).message).toBe(
        '200000 bars are too many to read.',
      );
    });
  });

  describe('exports', () => {
    const question = "SELECT number AS id, toDecimal64(number, 2) AS money, 'ö' AS text FROM numbers(200000)";

    it('Parquet that others read', async () => {
      await run(question, '--output', file('r.parquet'));
      const rows = await parquetReadObjects({ file: await asyncBufferFromFile(file('r.parquet')), compressors });
      expect(rows).toHaveLength(200_000);
      expect(rows.at(-1)).toMatchObject({ id: 199_999n, money: 199_999, text: 'ö' });
      expect(noted).toEqual([`${file('r.parquet')} (Parquet)`]);
    });

    it('CSV with names, Arrow, and Arrow as a stream', async () => {
      await run(question, '-o', file('r.csv'));
      const lines = (await readFile(file('r.csv'), 'utf8')).trimEnd().split('\n');
      expect([lines.length, lines[0], lines.at(-1)]).toEqual([200_001, '"id","money","text"', '199999,199999,"ö"']);
      await run(question, '-o', file('r.arrow'));
      const arrow = await readFile(file('r.arrow'));
      expect([arrow.subarray(0, 6).toString(), arrow.subarray(-6).toString()]).toEqual(['ARROW1', 'ARROW1']);
      await run(question, '-o', file('r.bin'), '--format', 'ArrowStream');
      expect((await readFile(file('r.bin'))).readInt32LE(0)).toBe(-1);
    });

    it('no half file: a question that fails after its first rows leaves none', async () => {
      const failing = await failure('SELECT throwIf(number = 900000) FROM numbers(1000000)', '-o', file('half.csv'));
      expect(failing.message).toMatch(/throwIf|FUNCTION_THROW_IF/);
      expect((await readdir(folder.path)).filter((name) => name.startsWith('half'))).toEqual([]);
    });

    it('to where it can write, in formats that are known', async () => {
      expect((await failure('SELECT 1', '-o', file('no/such/r.csv'))).message).toMatch(
        /r\.csv cannot be written: there is no such file or folder/,
      );
      expect((await failure('SELECT 1', '-o', file('r.xlsx'))).message).toBe('The ending .xlsx names no format.');
      expect((await failure('SELECT 1', '--format', 'Excel')).message).toMatch(/format is not known/);
    });
  });

  describe('says what is wrong, and how to mend it', () => {
    it.each([
      ['SELEC 1', /^The question is no ClickHouse SQL: .*Syntax error/s, /position/],
      ['SELECT a FROM orders; SELECT 2', /Multi-statements|no ClickHouse SQL/, /./],
      ['SELECT nope FROM orders', /^A column is not known: .*nope/s, /DESCRIBE/],
      ['SELECT 1 FROM ordres', /^A table is not known: .*ordres.*orders/s, /SHOW TABLES/],
      ['SELECT {days:UInt8}', /^A parameter has no value: .*days/s, /--param name=value/],
      ["SELECT * FROM rfm(ties = 'ntile')", /^A parameter has no value: .*as_of/s, /in its brackets/],
      ['SELECT * FROM numbers(20000000)', /^The result is larger than an analyst may take: /, /Ask for less/],
      ['SELECT count() FROM system.numbers', /^The question reads more rows than an analyst may: /, /Ask for less/],
      ["INSERT INTO workspaces (name) VALUES ('x')", /^An analyst can read and change nothing: /, /collect/],
      ['TRUNCATE TABLE recorded_touchpoints', /^An analyst can read and change nothing: /, /collect/],
      ["SELECT * FROM file('/etc/passwd', 'LineAsString')", /^An analyst may not do this: /, /SHOW TABLES/],
      ['  ;\n', /^There is no question/, /For example/],
      ['SELECT 1 format JSON', /^The format of the answer is no part of the question: /, /--format JSON/],
      ["SELECT number, repeat('x', 1000) FROM numbers(600000)", /^The result is too large to print/, /--output/],
      ['SELECT 1 SETTINGS max_execution_time = 3600', /^An analyst can(not change this setting| tighten limits)/, /./],
    ])(
      '%s',
      async (question, message, hint) => {
        const error = await failure(question);
        expect(error.message).toMatch(message);
        expect(error.message).not.toMatch(/Expected one of|\(version|FORMAT|DB::Exception|\n/);
        expect(error.hint).toMatch(hint);
        expect(printed).toEqual([]);
      },
      120_000,
    );

    it.each([
      [
        'SELECT sum(sleepEachRow(1)) FROM numbers(30)',
        { max_execution_time: 1, max_block_size: '1' },
        /^The question took longer than an analyst may: /,
      ],
      [
        'SELECT length(groupArray(number)) FROM numbers(30000000)',
        { max_memory_usage: '30000000' },
        /^The question needs more memory than an analyst may use: /,
      ],
    ] as const)(
      'a limit of time or memory: %s',
      async (question, clickhouse_settings, message) => {
        const error = await analyst
          .query({ query: question, clickhouse_settings })
          .then((answer) => answer.text())
          .catch((reason: unknown) => reason);
        expect(isEngineError(error)).toBe(true);
        if (isEngineError(error)) expect(sqlFailure(error).message).toMatch(message);
      },
      120_000,
    );
  });
});
