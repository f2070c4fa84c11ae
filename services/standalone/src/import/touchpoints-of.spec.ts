import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse } from 'yaml';
import { ImportFileError } from './file-rows.js';
import { type MappingDocument } from './mapping-document.js';
import { type ImportMessage } from './touchpoint-maker.js';
import { touchpointsOf, type BadRow } from './touchpoints-of.js';

const now = Date.UTC(2026, 0, 1);

/** Two columns and one touchpoint a row; what a test says comes on top. */
const simple = `
id: shop
title: A shop
columns:
  who: { from: who, required: true }
  at: { from: at, type: time, required: true }
touchpoints:
  - { id: visit, type: track, event: Visited, userId: who, timestamp: at }
`;

const orders = `
id: shop
title: Orders by line
columns:
  order: { from: order, required: true }
  who: { from: who, required: true }
  at: { from: at, type: time, required: true }
  pieces: { from: pieces, type: integer, required: true }
  price: { from: price, type: decimal, required: true }
  name: { from: name }
  amount: { multiply: [pieces, price] }
leaveOut:
  - { because: nothing was sold, where: { pieces: 0 } }
touchpoints:
  - id: order
    type: track
    event: Order Completed
    group: { by: [order] }
    userId: who
    timestamp: { min: at }
    properties:
      order_id: order
      total: { sum: amount }
      products: { rows: { name: name, quantity: pieces, price: price }, lighten: [name] }
`;

describe('rows of a file as touchpoints', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'rapport-import-'))));
  afterEach(() => rm(folder, { recursive: true }));

  const mappingOf = (yaml: string) => parse(yaml) as MappingDocument;
  const fileOf = async (name: string, text: string | Buffer) => {
    const file = path.join(folder, name);
    await writeFile(file, text);
    return file;
  };
  const run = async (yaml: string, ...files: string[]) => {
    const messages: ImportMessage[] = [];
    const bad: BadRow[] = [];
    const leftOut: string[] = [];
    let rows = 0;
    for await (const one of touchpointsOf(mappingOf(yaml), { files, now })) {
      if (one.kind === 'row') rows++;
      else if (one.kind === 'touchpoint') messages.push(one.message);
      else if (one.kind === 'bad-row') bad.push(one);
      else leftOut.push(one.because);
    }
    return { rows, messages, bad, leftOut };
  };
  const runText = async (yaml: string, text: string | Buffer, name = 'rows.csv') => run(yaml, await fileOf(name, text));

  describe('formats', () => {
    const expected = [
      expect.objectContaining({ userId: 'ann', timestamp: '2024-05-01T10:00:00.000Z', event: 'Visited' }),
      expect.objectContaining({ userId: 'bob "b"', timestamp: '2024-05-02T00:00:00.000Z' }),
    ];
    const csv = 'who,at\nann,2024-05-01T10:00:00Z\n"bob ""b""",2024-05-02\n';
    const jsonl = '{"who":"ann","at":1714557600}\n\n{"who":"bob \\"b\\"","at":"2024-05-02"}\n';

    it.each([
      ['CSV', 'rows.csv', csv],
      [
        'CSV with a byte order mark, CRLF and blanks around',
        'rows.csv',
        '\uFEFFwho , at\r\n ann ,2024-05-01T10:00:00Z\r\n"bob ""b""",2024-05-02\r\n',
      ],
      ['gzip', 'rows.csv.gz', gzipSync(csv)],
      ['TSV', 'rows.tsv', 'who\tat\nann\t2024-05-01T10:00:00Z\nbob "b"\t2024-05-02\n'],
      ['JSON Lines', 'rows.jsonl', jsonl],
      ['JSON Lines, gzip', 'rows.ndjson.gz', gzipSync(jsonl)],
    ])('%s', async (_, name, text) => {
      const { messages, bad } = await runText(simple, text, name);
      expect(bad).toEqual([]);
      expect(messages).toEqual(expected);
    });

    it('Parquet, with its own types', async () => {
      const file = path.join(folder, 'rows.parquet');
      const duckdb = await (await DuckDBInstance.create()).connect();
      await duckdb.run(
        `COPY (SELECT 'p' || i AS who, TIMESTAMP '2024-05-01 10:00:00' AS at, i AS big, {'a': i} AS nested, NULL AS none
         FROM range(30000) t(i)) TO '${file}' (COMPRESSION zstd)`,
      );
      duckdb.closeSync();
      const typed = simple
        .replace(
          'touchpoints:',
          `  big: { from: big, type: integer }
  nested: { from: nested, type: json }
  none: { from: none }
touchpoints:`,
        )
        .replace('timestamp: at }', 'timestamp: at, properties: { big: big, nested: nested, none: none } }');
      const { messages, rows } = await run(typed, file);
      expect(rows).toBe(30_000);
      expect(messages.at(-1)).toEqual({
        ...{ type: 'track', event: 'Visited', userId: 'p29999', timestamp: '2024-05-01T10:00:00.000Z' },
        messageId: 'shop:visit:rows.parquet:30000',
        properties: { big: 29_999, nested: { a: 29_999 } },
      });
      expect(new Set(messages.map(({ messageId }) => messageId)).size).toBe(30_000);
    });

    it('columns padded with blanks, without a header', async () => {
      const yaml = simple.replace('columns:', "input: { format: csv, delimiter: ' ', header: [who, at] }\ncolumns:");
      const { messages } = await runText(yaml, '  00004   2024-05-01\n 00021  2024-05-02\n', 'rows.txt');
      expect(messages.map(({ userId }) => userId)).toEqual(['00004', '00021']);
    });

    it.each([
      ['none.csv', undefined, /none\.csv cannot be read: ENOENT/],
      ['rows.xlsx', 'x', /\.xlsx names no format; name it under input\.format: csv, tsv, jsonl or parquet/],
      ['rows.csv', '', /rows\.csv is empty/],
      ['rows.csv', 'when,name\n', /has no column who, at\. It has: when, name\. Correct the names under columns/],
      ['rows.csv', 'who,at\n"ann,2024-05-01\n', /rows\.csv cannot be read: .*[Qq]uote/],
      ['rows.csv.gz', 'no gzip', /rows\.csv\.gz cannot be read: incorrect header check/],
      ['rows.parquet', 'no parquet, only a text', /rows\.parquet cannot be read/],
    ])('says of %s what is wrong', async (name, text, message) => {
      const file = text === undefined ? path.join(folder, name) : await fileOf(name, text);
      const failure = await run(simple, file).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ImportFileError);
      expect((failure as Error).message).toMatch(message);
    });
  });

  describe('bad rows', () => {
    it('are told by line, also after values of several lines, and cost no other row', async () => {
      const { messages, bad, rows } = await runText(
        simple,
        'who,at\n"an\nn",2024-05-01\n\nbob,soon\ncat\n,2024-05-03\ndan,2024-05-04\n',
      );
      expect(messages.map(({ userId }) => userId)).toEqual(['an\nn', 'dan']);
      expect(bad.map(({ line, at, reason }) => [line, at, reason])).toEqual([
        [5, 'at', 'must be a time: ISO 8601, like 2010-12-01T08:26:00Z'],
        [6, '', 'has 1 values for 2 columns'],
        [7, 'who', 'is empty'],
      ]);
      expect(bad.map(({ row }) => row)).toEqual([{ who: 'bob', at: 'soon' }, ['cat'], { who: '', at: '2024-05-03' }]);
      expect(rows).toBe(messages.length + bad.length);
    });

    it('hold what is no JSON as it was', async () => {
      const { bad } = await runText(simple, '{"who":\n[1]\n{"who":{"a":1},"at":"2024-05-01"}\n', 'rows.jsonl');
      expect(bad.map(({ line, reason, row }) => [line, reason, row])).toEqual([
        [1, 'is not JSON', '{"who":'],
        [2, 'is no JSON object', '[1]'],
        [3, 'must be a single value, not a list or an object', { who: { a: 1 }, at: '2024-05-01' }],
      ]);
    });

    it('are those that the collector would refuse or date anew', async () => {
      const { messages, bad } = await runText(
        simple,
        `who,at\n${'x'.repeat(2000)},2024-05-01\nann,2026-02-01\nbob,1799-01-01\n`,
      );
      expect(messages).toEqual([]);
      expect(bad.map(({ at, reason }) => [at, reason.split(':')[0]])).toEqual([
        ['visit', 'invalid-identifier'],
        ['visit', 'timestamp-future'],
        ['visit', 'timestamp-ancient'],
      ]);
    });

    it('take the whole order with them: a part of it would be wrong money', async () => {
      const { messages, bad } = await runText(
        orders,
        'order,who,at,pieces,price,name\n1,ann,2024-05-01,1,2.50,a\n1,ann,2024-05-01,one,2.50,b\n2,ann,2024-05-02,1,3,c\n1,ann,2024-05-01,2,1,d\n',
      );
      expect(messages.map(({ properties }) => properties)).toEqual([
        { order_id: '2', total: 3, products: [{ name: 'c', quantity: 1, price: 3 }] },
      ]);
      expect(bad.map(({ line, reason }) => [line, reason])).toEqual([
        [3, 'must be a whole number, like 12'],
        [2, 'line 3, which belongs to the same order, is bad'],
        [5, 'line 3, which belongs to the same order, is bad'],
      ]);
    });
  });

  describe('groups', () => {
    const text =
      'order,who,at,pieces,price,name\n1,ann,2024-05-02,3,0.10,a\n2,bob,2024-05-01,1,5,b\n1,ann,2024-05-01,1,0.001,c\n3,cat,2024-05-01,0,1,d\n';

    it('make one order of its lines, with an exact total, at the earliest time', async () => {
      const { messages, leftOut } = await runText(orders, text);
      expect(messages[0]).toEqual({
        ...{ type: 'track', event: 'Order Completed', messageId: 'shop:order:1', userId: 'ann' },
        timestamp: '2024-05-01T00:00:00.000Z',
        properties: {
          ...{ order_id: '1', total: 0.301 },
          products: [
            { name: 'a', quantity: 3, price: 0.1 },
            { name: 'c', quantity: 1, price: 0.001 },
          ],
        },
      });
      expect(messages).toHaveLength(2);
      expect(leftOut).toEqual(['nothing was sold']);
    });

    it('go over several files', async () => {
      const head = 'order,who,at,pieces,price,name\n';
      const files = [
        await fileOf('a.csv', `${head}1,ann,2024-05-01,1,1,a\n`),
        await fileOf('b.csv', `${head}1,ann,2024-05-01,1,2,b\n`),
      ];
      const { messages } = await run(orders, ...files);
      expect(messages.map(({ properties }) => properties)).toEqual([expect.objectContaining({ total: 3 })]);
    });

    it('leave out what the mapping allows when an order is too large, and are bad rows beyond that', async () => {
      const lines = (count: number) =>
        Array.from(
          { length: count },
          (_, line) => `1,ann,2024-05-01,1,${line}.25,A RATHER LONG NAME OF A THING ${line}\n`,
        );
      const head = 'order,who,at,pieces,price,name\n';
      const light = await runText(orders, head + lines(700).join(''));
      expect(light.messages[0]?.properties).toMatchObject({ total: 244_825 });
      expect(JSON.stringify(light.messages)).not.toContain('RATHER');
      const heavy = await runText(orders, head + lines(2000).join(''));
      expect(heavy.messages).toEqual([]);
      expect(heavy.bad).toHaveLength(2000);
      expect(heavy.bad[0]?.reason).toMatch(/^too-large: /);
    });

    it('that stand together are handed on before the file ends', async () => {
      const adjacent = orders.replace('{ by: [order] }', '{ by: [order], rows: adjacent }');
      const file = await fileOf(
        'rows.csv',
        'order,who,at,pieces,price,name\n1,a,2024-05-01,1,1,x\n1,a,2024-05-01,1,1,y\n2,b,2024-05-01,1,1,z\n',
      );
      const kinds: string[] = [];
      for await (const one of touchpointsOf(mappingOf(adjacent), { files: [file], now })) kinds.push(one.kind);
      expect(kinds).toEqual(['row', 'row', 'row', 'touchpoint', 'touchpoint']);
    });
  });

  it('repeats nothing: the same rows have the same ids, whatever else changes', async () => {
    const first = await runText(simple, 'who,at\nann,2024-05-01\nann,2024-05-01\n');
    const again = await runText(
      simple,
      gzipSync('who,at\nann,2024-05-01\nann,2024-05-01\nbob,2024-05-02\n'),
      'rows.csv.gz',
    );
    const ids = (run: typeof first) => run.messages.map(({ messageId }) => messageId);
    expect(ids(first)).toEqual(['shop:visit:rows.csv:2', 'shop:visit:rows.csv:3']);
    expect(ids(again).slice(0, 2)).toEqual(ids(first));
  });

  it('keeps ids short, and apart', async () => {
    const keyed = simple.replace('timestamp: at }', 'timestamp: at, key: [who] }');
    const long = 'x'.repeat(200);
    const { messages } = await runText(keyed, `who,at\n${long}1,2024-05-01\n${long}2,2024-05-01\n`);
    const ids = messages.map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^shop:[0-9a-f-]{36}$/);
  });

  it('says again only what changed about a person', async () => {
    const yaml = simple
      .replace(/touchpoints:[^]*/, '')
      .replace('columns:', 'columns:\n  city: { from: city }')
      .concat(
        'touchpoints:\n  - { id: person, type: identify, whenChanged: true, userId: who, timestamp: at, traits: { city: city } }\n',
      );
    const { messages } = await runText(
      yaml,
      'who,at,city\na,2024-05-01,Rome\nb,2024-05-01,Rome\na,2024-05-02,Rome\na,2024-05-03,Oslo\n',
    );
    expect(messages.map(({ userId, traits }) => [userId, traits])).toEqual([
      ['a', { city: 'Rome' }],
      ['b', { city: 'Rome' }],
      ['a', { city: 'Oslo' }],
    ]);
  });

  it('makes several touchpoints of a row', async () => {
    const yaml = `
id: paths
title: Paths
columns:
  path: { from: path }
  people: { from: people, type: integer }
  start: { value: '2024-01-31T00:00:00Z', type: time }
touchpoints:
  - id: touch
    type: page
    each: [{ repeat: people, as: copy }, { split: path, by: '>', as: channel, index: step }]
    where: { channel: { not: direct } }
    anonymousId: { template: '{line}-{copy}' }
    timestamp: { shift: { from: start, by: step, unit: months } }
    context: { campaign: { object: { source: channel } } }
`;
    const { messages } = await runText(yaml, 'path,people\nads > direct > mail,2\nads,0\n');
    expect(messages.map(({ messageId, anonymousId, timestamp }) => [messageId, anonymousId, timestamp])).toEqual([
      ['paths:touch:rows.csv:2:0:0', '2-0', '2024-01-31T00:00:00.000Z'],
      ['paths:touch:rows.csv:2:0:2', '2-0', '2024-03-31T00:00:00.000Z'],
      ['paths:touch:rows.csv:2:1:0', '2-1', '2024-01-31T00:00:00.000Z'],
      ['paths:touch:rows.csv:2:1:2', '2-1', '2024-03-31T00:00:00.000Z'],
    ]);
  });

  it('looks up what stands in other files', async () => {
    const yaml = simple.replace(
      'columns:\n  who: { from: who, required: true }',
      `lookups: { people: { file: people.csv, key: number } }
columns:
  number: { from: who }
  who: { lookup: { in: people, by: number, take: name }, required: true }`,
    );
    await fileOf('people.csv.gz', gzipSync('name,number,x\nann,1,\nbob,2,\n'));
    const { messages, bad } = await runText(yaml, 'who,at\n2,2024-05-01\n3,2024-05-01\n');
    expect(messages.map(({ userId }) => userId)).toEqual(['bob']);
    expect(bad.map(({ line, at, reason }) => [line, at, reason])).toEqual([[3, 'who', 'is empty']]);
  });

  it.each([
    ['format: dd-MM-yyyy', '31-12-2021', '2021-12-31T00:00:00.000Z'],
    ['format: [yyyyMMdd, M/d/yy H:mm]', '1/2/21 7:05', '2021-01-02T07:05:00.000Z'],
    ['format: "yyyy-MM-dd\'T\'HH:mm:ss.SSS"', '2021-01-02T03:04:05.678', '2021-01-02T03:04:05.678Z'],
    ['format: yyyy-MM-dd HH:mm, timeZone: Europe/Berlin', '2021-07-01 12:00', '2021-07-01T10:00:00.000Z'],
    // Clocks went back: the hour happened twice, the first counts. They went forward: 02:30 never was.
    ['format: yyyy-MM-dd HH:mm, timeZone: Europe/Berlin', '2021-10-31 02:30', '2021-10-31T00:30:00.000Z'],
    ['format: yyyy-MM-dd HH:mm, timeZone: Europe/Berlin', '2021-03-28 02:30', '2021-03-28T01:30:00.000Z'],
    ['timeZone: Europe/Berlin', '2021-07-01', '2021-06-30T22:00:00.000Z'],
    ['timeZone: Europe/Berlin', '2021-07-01 12:00:00Z', '2021-07-01T12:00:00.000Z'],
    ['timeZone: Europe/Berlin', '2021-07-01 12:00:00+02:00', '2021-07-01T10:00:00.000Z'],
    ['timeZone: Europe/Berlin', '2021-07-01 12:00:00 UTC', '2021-07-01T12:00:00.000Z'],
    ['timeZone: Europe/Berlin', '1625133600.5', '2021-07-01T10:00:00.500Z'],
  ])('reads times: %s of "%s"', async (how, text, expected) => {
    const { messages } = await runText(simple.replace('type: time,', `type: time, ${how},`), `who,at\nann,${text}\n`);
    expect(messages.map(({ timestamp }) => timestamp)).toEqual([expected]);
  });

  it.each([
    ['format: dd-MM-yyyy', '31-02-2021'],
    ['format: dd-MM-yyyy', '2021-12-31'],
    ['format: yyyy.MM.dd', '2021-12-31'],
    ['required: true', '2021-13-01'],
  ])('takes no time for another: %s of "%s"', async (how, text) => {
    const { messages, bad } = await runText(
      simple.replace('type: time, required: true', `type: time, ${how}`),
      `who,at\nann,${text}\n`,
    );
    expect(messages).toEqual([]);
    expect(bad).toHaveLength(1);
  });
});
