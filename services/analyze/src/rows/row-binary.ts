import type { Cell, CellOf, Columns, ColumnType, Row } from './columns.js';

/** A value that its column cannot hold. Says which column, and never the value. */
export class UnwritableCellError extends Error {
  override readonly name = 'UnwritableCellError';
}

const longText = 64;
/** Room for the length of a text whose bytes are not counted yet; LEB128 may be padded. */
const paddedLength = 4;
const longestText = 2 ** 28 - 1;

/**
 * Writes rows in ClickHouse's RowBinary, which costs both sides about half of what JSON does: little-endian numbers,
 * texts behind their length in LEB128, a byte before every nullable value.
 */
export class RowBinaryWriter {
  #buffer: Buffer;
  #end = 0;

  constructor(private readonly columns: Columns) {
    this.#buffer = Buffer.allocUnsafe(64 * 1024);
  }

  /** Adds the row, or throws `UnwritableCellError` and adds nothing. */
  add(row: Row): void {
    const start = this.#end;
    try {
      this.columns.forEach(([, type], index) => this.#write(type, row[index] as Cell));
    } catch (cause) {
      this.#end = start;
      if (!(cause instanceof RangeError) && !(cause instanceof TypeError)) throw cause;
      throw new UnwritableCellError('A cell does not fit its column');
    }
  }

  /** All rows so far. The writer is done with. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#end);
  }

  #write(type: ColumnType, cell: Cell): void {
    this.reserve(16);
    writers[type].call(this, cell as never);
  }

  text(value: string): void {
    const { length } = value;
    if (length <= longText && this.#shortAscii(value)) return;
    if (length * 3 > longestText) throw new RangeError('text too long');
    this.reserve(length * 3 + paddedLength);
    const written = this.#buffer.write(value, this.#end + paddedLength, 'utf8');
    for (let at = 0; at < paddedLength; at += 1) {
      const more = at < paddedLength - 1 ? 0x80 : 0;
      this.#buffer[this.#end + at] = ((written >>> (7 * at)) & 0x7f) | more;
    }
    this.#end += paddedLength + written;
  }

  /** Most texts are short and plain: writing them here spares a call into native code each. */
  #shortAscii(value: string): boolean {
    this.reserve(longText + 1);
    const buffer = this.#buffer;
    let at = this.#end;
    buffer[at++] = value.length;
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) return false;
      buffer[at++] = code;
    }
    this.#end = at;
    return true;
  }

  count(value: number): void {
    this.reserve(5);
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) this.byte((rest & 0x7f) | 0x80);
    this.byte(rest);
  }

  byte(value: number): void {
    this.#buffer[this.#end++] = value;
  }

  uint32(value: number): void {
    this.#end = this.#buffer.writeUInt32LE(value, this.#end);
  }

  int64(value: number | bigint): void {
    if (typeof value === 'bigint') {
      this.#end = this.#buffer.writeBigInt64LE(value, this.#end);
      return;
    }
    if (!Number.isSafeInteger(value)) throw new RangeError('no integer');
    const high = Math.floor(value / 2 ** 32);
    this.#end = this.#buffer.writeUInt32LE(value - high * 2 ** 32, this.#end);
    this.#end = this.#buffer.writeInt32LE(high, this.#end);
  }

  float64(value: number): void {
    this.#end = this.#buffer.writeDoubleLE(value, this.#end);
  }

  /** Makes room for so many bytes more. */
  reserve(bytes: number): void {
    if (this.#end + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#end + bytes));
    this.#buffer.copy(larger, 0, 0, this.#end);
    this.#buffer = larger;
  }
}

const writers: { readonly [T in ColumnType]: (this: RowBinaryWriter, cell: CellOf[T]) => void } = {
  text(cell) {
    this.text(cell);
  },
  texts(cell) {
    this.count(cell.length);
    for (const each of cell) this.text(each);
  },
  flag(cell) {
    this.byte(cell ? 1 : 0);
  },
  time(cell) {
    this.int64(cell);
  },
  'optional-time'(cell) {
    this.byte(cell === null ? 1 : 0);
    if (cell !== null) this.int64(cell);
  },
  'optional-money'(cell) {
    this.byte(cell === null ? 1 : 0);
    if (cell !== null) this.int64(cell);
  },
  moneys(cell) {
    this.count(cell.length);
    for (const each of cell) {
      this.reserve(8);
      this.int64(each);
    }
  },
  'optional-moneys'(cell) {
    this.count(cell.length);
    for (const each of cell) {
      this.reserve(9);
      writers['optional-money'].call(this, each);
    }
  },
  uint32(cell) {
    this.uint32(cell);
  },
  uint64(cell) {
    if (cell < 0) throw new RangeError('negative');
    this.int64(cell);
  },
  float(cell) {
    this.float64(cell);
  },
  floats(cell) {
    const entries = Object.entries(cell);
    this.count(entries.length);
    for (const [name, value] of entries) {
      this.text(name);
      this.reserve(8);
      this.float64(value);
    }
  },
};
