import { headerLengthIn } from './repeated-header.js';
import { isInsert, literal, quotedName, readInsertWithData, readStatement } from './statement.js';
import { analystLimitsWith } from './analyst-limits.js';
import { settingsFrom } from './url-settings.js';

describe('a statement, read from its canonical text', () => {
  it.each([
    ['SELECT 1', undefined],
    ['SELECT 1 FORMAT JSON', 'JSON'],
    ['SELECT 1 SETTINGS max_threads = 1 FORMAT CSV', 'CSV'],
    ["SELECT ' FORMAT JSON'", undefined],
    ['SELECT 1 AS `x FORMAT JSON`', undefined],
    ["SELECT 'it\\'s' FORMAT TSV", 'TSV'],
  ])('%s has the format %s', (text, format) => {
    expect(readStatement(text)).toMatchObject({ isSelect: true, format, usesServerFiles: false });
  });

  it.each([
    ["SELECT 1 INTO OUTFILE 'x'", true],
    ["SHOW TABLES INTO OUTFILE 'x'", true],
    ["SELECT 'INTO OUTFILE'", false],
    ['SELECT `INTO OUTFILE` FROM t', false],
  ])('%s touches files of the server: %s', (text, usesServerFiles) => {
    expect(readStatement(text)).toMatchObject({ usesServerFiles });
  });

  it.each([
    ["SELECT file('x')", 'file'],
    ["DESCRIBE TABLE s3Cluster('a', 'b')", 's3Cluster'],
    ["SELECT * FROM URL ('x')", 'URL'],
    ['SELECT file, url FROM t', undefined],
    ["SELECT 'file(1)'", undefined],
    ['SELECT profile(1), fileSize(2)', undefined],
  ])('%s reaches out through %s', (text, outsideSource) => {
    expect(readStatement(text)).toMatchObject({ outsideSource });
  });
});

describe('an INSERT', () => {
  it.each([
    ['INSERT INTO t VALUES', true],
    ['  -- first\n /* second */ insert into t', true],
    ['/* INSERT */ SELECT 1', false],
    ['-- INSERT', false],
    ['/* never closed INSERT', false],
    ['INSERTED', false],
    ['', false],
  ])('%j is one: %s', (query, expected) => {
    expect(isInsert(query)).toBe(expected);
  });

  it('is told from a long row of comments without delay', () => {
    expect(isInsert(`${'/**/ '.repeat(100_000)}SELECT 1`)).toBe(false);
  });

  it('is split where its rows can be named', () => {
    expect(readInsertWithData('INSERT INTO t (a, b) SETTINGS x = 1 FORMAT CSV ;')).toEqual({
      head: 'INSERT INTO t (a, b)',
      settings: ' SETTINGS x = 1',
      format: 'CSV',
    });
    expect(readInsertWithData('insert into t values')).toMatchObject({ head: 'insert into t', format: 'Values' });
    expect(readInsertWithData('INSERT INTO t SELECT 1 FORMAT CSV')).toBeUndefined();
    expect(readInsertWithData('INSERT INTO t VALUES (1)')).toBeUndefined();
  });
});

describe('quoting', () => {
  it('lets no text out of its quotes', () => {
    expect(literal("it's \\ \0")).toBe("'it\\'s \\\\ \\0'");
    expect(quotedName('a`b\\')).toBe('`a\\`b\\\\`');
  });
});

describe('settings of the URL', () => {
  const read = (query: string, role: 'writer' | 'analyst') => settingsFrom(new URLSearchParams(query), role);

  it('leave out what belongs to the protocol', () => {
    expect(read('query=x&database=d&param_a=1&user=u&max_threads=2', 'writer')).toEqual({ max_threads: '2' });
  });

  it.each([
    'readonly=0',
    'allow_ddl=1',
    'format_schema=/etc/passwd',
    'output_format_schema=/tmp/out',
    'input_format_record_errors_file_path=x',
    'max_execution_time=0',
    'max_memory_usage=1e15',
  ])('of an analyst may not be %s', (query) => {
    expect(() => read(query, 'analyst')).toThrow(/Code: (164|452)\./);
  });

  it('of an analyst may use the memory that was given, and no more', () => {
    const limits = analystLimitsWith(5_000);
    const read = (memory: number) =>
      settingsFrom(new URLSearchParams({ max_memory_usage: String(memory) }), 'analyst', limits);
    expect(read(5_000)).toEqual({ max_memory_usage: '5000' });
    expect(() => read(5_001)).toThrow(/between 1 and 5000/);
  });

  it('of an analyst may tighten limits and shape answers', () => {
    const asked = { max_execution_time: '5', output_format_json_quote_64bit_integers: '1', join_use_nulls: '1' };
    expect(read(`${new URLSearchParams(asked).toString()}&readonly=2`, 'analyst')).toEqual(asked);
  });

  it('have plain names', () => {
    expect(() => read(`${encodeURIComponent('a = 1; DROP')}=1`, 'writer')).toThrow(/Unknown setting/);
  });
});

describe('the repeated header of a chunk', () => {
  it('is as long as its lines, quotes respected, and none for plain rows', () => {
    const lengthOf = (format: string, chunk: string) => headerLengthIn(format)?.(Buffer.from(chunk));
    expect(lengthOf('CSVWithNames', '"a\nb","c"\n1,2\n')).toBe(10);
    expect(lengthOf('TSVWithNamesAndTypes', 'a\nInt8\n1\n')).toBe(7);
    expect(lengthOf('JSONEachRow', '{}\n')).toBe(0);
    expect(headerLengthIn('JSON')).toBeUndefined();
    expect(headerLengthIn('Parquet')).toBeUndefined();
  });
});
