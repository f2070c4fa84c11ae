import fc from 'fast-check';
import { json, money, optionalTime, text, time, type Columns, type Row } from './columns.js';
import { RowBinaryWriter, UnwritableCellError } from './row-binary.js';

function bytesOf(columns: Columns, ...rows: Row[]): Buffer {
  const writer = new RowBinaryWriter(columns);
  for (const row of rows) writer.add(row);
  return Buffer.from(writer.bytes());
}

describe('RowBinary', () => {
  it('holds every text behind the number of its bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 300 })), (texts) => {
        const bytes = bytesOf([['a', 'text']], ...texts.map((each) => [each]));
        expect(textsIn(bytes)).toEqual(texts);
      }),
    );
  });

  it('holds every whole number as 64 bits', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        expect(bytesOf([['a', 'time']], [number]).readBigInt64LE()).toBe(BigInt(number));
      }),
    );
  });

  it('writes a byte before what may be absent', () => {
    expect([...bytesOf([['a', 'optional-money']], [null], [-1], [-1n])]).toEqual([
      1,
      ...[0, 255, 255, 255, 255, 255, 255, 255, 255],
      ...[0, 255, 255, 255, 255, 255, 255, 255, 255],
    ]);
  });

  it('makes room for every entry of a list', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => (index % 2 === 0 ? null : index));
    const bytes = bytesOf([['a', 'optional-moneys']], [many]);
    // The number of entries in three bytes, then a byte or nine for each.
    expect(bytes).toHaveLength(3 + 10_000 + 10_000 * 9);
    expect(bytes.readBigInt64LE(bytes.length - 8)).toBe(19_999n);
    expect(bytesOf([['a', 'moneys']], [[1, 2n]])).toHaveLength(17);
  });

  it('leaves out a row with a cell that does not fit, whole, and goes on', () => {
    const writer = new RowBinaryWriter([
      ['a', 'text'],
      ['b', 'uint64'],
    ]);
    expect(() => writer.add(['x', -1])).toThrow(UnwritableCellError);
    expect(() => writer.add(['x', 1.5])).toThrow(UnwritableCellError);
    expect(() => writer.add(['x'])).toThrow(UnwritableCellError);
    writer.add(['y', 2]);
    expect([...writer.bytes()]).toEqual([1, 'y'.charCodeAt(0), 2, 0, 0, 0, 0, 0, 0, 0]);
  });
});

describe('cells', () => {
  it.each([
    [27.5, 275_000],
    [0.00005, 1],
    [-5, -50_000],
    ['12.34565', 123_457n],
    [' 7 ', 70_000n],
    ['99999999999999.9999', 999_999_999_999_999_999n],
    [1e14, null],
    ['1e3', null],
    ['a lot', null],
    [Number.POSITIVE_INFINITY, null],
    [null, null],
    [true, null],
    [undefined, null],
  ])('read %p as money', (value, expected) => {
    expect(money(value)).toBe(expected);
  });

  it('move times into what the column holds, or leave them out where they may be', () => {
    const [year0, year275760] = [-62_167_219_200_000, 8_640_000_000_000_000];
    expect([time(year0), time(year275760)].map((each) => new Date(each).toISOString())).toEqual([
      '1900-01-01T00:00:00.000Z',
      '2299-12-31T23:59:59.999Z',
    ]);
    expect([optionalTime(year0), optionalTime(year275760), optionalTime(null), optionalTime(0)]).toEqual([
      null,
      null,
      null,
      0,
    ]);
  });

  it('take text and numbers as text, and nothing else', () => {
    expect(['a', 7, null, true, [], {}, undefined].map(text)).toEqual(['a', '7', '', '', '', '', '']);
    expect(json(undefined)).toBe('{}');
  });
});

function textsIn(bytes: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    let length = 0;
    let byte = 0x80;
    for (let shift = 0; byte >= 0x80; shift += 7) {
      byte = bytes[at++]!;
      length += (byte & 0x7f) << shift;
    }
    texts.push(bytes.toString('utf8', at, (at += length)));
  }
  return texts;
}
