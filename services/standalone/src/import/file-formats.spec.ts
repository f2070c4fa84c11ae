import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { mappingRuns, simple } from '../testing/mapping-runs.js';
import { ImportFileError } from './file-rows.js';

describe('rows of a file as touchpoints: formats', () => {
  const { pathOf, fileOf, run, runText } = mappingRuns();

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
    const file = pathOf('rows.parquet');
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

  it.each([501, 3_000])('a stray quote is told by the line that it opens in, here %d', async (stray) => {
    const row = (line: number) => (line === 20 ? '"of two\nlines",2024-05-02' : `p${line},2024-05-02`);
    const lines = ['who,at', ...Array.from({ length: 3_000 }, (_, at) => row(at + 2))];
    // The value of two lines comes before it.
    lines[stray - 2] = '"stray,2024-05-02';
    await expect(runText(simple, lines.join('\n'), 'rows.csv')).rejects.toThrow(
      `the quote that opens a value in line ${stray} is never closed`,
    );
  });

  it('columns padded with blanks, without a header', async () => {
    const yaml = simple.replace('columns:', "input: { format: csv, delimiter: ' ', header: [who, at] }\ncolumns:");
    const { messages } = await runText(yaml, '  00004   2024-05-01\n 00021  2024-05-02\n', 'rows.txt');
    expect(messages.map(({ userId }) => userId)).toEqual(['00004', '00021']);
  });

  it.each([
    ['none.csv', undefined, /none\.csv cannot be read: there is no such file or folder; name a whole file/],
    ['rows.xlsx', 'x', /\.xlsx names no format; name it under input\.format: csv, tsv, jsonl or parquet/],
    ['rows.csv', '', /rows\.csv is empty/],
    ['rows.csv', 'when,name\n', /has no column who, at\. It has: when, name\. Correct the names under columns/],
    ['rows.csv', 'who,at\n"ann,2024-05-01\n', /rows\.csv: the quote that opens a value in line 2 is never closed/],
    ['rows.csv.gz', 'no gzip', /rows\.csv\.gz cannot be read: incorrect header check/],
    ['rows.parquet', 'no parquet, only a text', /rows\.parquet cannot be read/],
  ])('says of %s what is wrong', async (name, text, message) => {
    const file = text === undefined ? pathOf(name) : await fileOf(name, text);
    const failure = await run(simple, file).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ImportFileError);
    expect((failure as Error).message).toMatch(message);
  });
});
