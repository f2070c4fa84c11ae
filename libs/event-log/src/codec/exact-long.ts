import avsc from 'avsc';

const scratch = Buffer.alloc(10);
/** By length, so that no encoding makes a view of its own. */
const views = Array.from({ length: scratch.length + 1 }, (_, length) => scratch.subarray(0, length));

/** What avsc reads and writes with: the bytes and a position in them. */
interface Tap {
  readonly buf: Buffer;
  readonly pos: number;
  readLong(): number;
  writeLong(value: number): void;
}

interface TapType {
  _read(tap: Tap): number | undefined;
  _write(tap: Tap, value: unknown): void;
}

/** Up to here avsc's own arithmetic is exact; all but a few of the numbers on the log lie below it. */
const exactInAvsc = 2 ** 51;

const anyLong = avsc.types.LongType.__with(
  {
    isValid: Number.isSafeInteger,
    fromBuffer: decodeVarint,
    toBuffer: encodeVarint,
    toJSON: (value: number) => value,
    fromJSON: (value: number) => value,
    compare: (a: number, b: number) => Math.sign(a - b),
  },
  true,
) as avsc.Type & TapType;

/**
 * Avro `long` as a number, exact for every safe integer. avsc's own drops the sign below -2^52 without a word and refuses
 * 2^53 - 1, while the times a sender may state reach 8.64e15 on either side. Where avsc's own is exact it is used, because
 * a custom one makes and copies a buffer for each number.
 */
export const exactLong = Object.create(anyLong, {
  _read: { value: readLong },
  _write: { value: writeLong },
}) as avsc.Type;

function readLong(tap: Tap): number {
  const start = tap.pos;
  const value = tap.readLong();
  return Math.abs(value) < exactInAvsc ? value : decodeVarint(tap.buf.subarray(start, tap.pos));
}

function writeLong(tap: Tap, value: unknown): void {
  if (Number.isInteger(value) && Math.abs(value as number) < exactInAvsc) tap.writeLong(value as number);
  else anyLong._write(tap, value);
}

/** Zigzag: the lowest bit is the sign, the rest the number, or for negative ones what it lies below -1. */
function decodeVarint(bytes: Uint8Array): number {
  const first = bytes[0]!;
  let rest = (first & 0x7f) >> 1;
  let factor = 64;
  for (let index = 1; index < bytes.length; index += 1) {
    rest += (bytes[index]! & 0x7f) * factor;
    factor *= 128;
  }
  return first & 1 ? -rest - 1 : rest;
}

/** The result is valid until the next call. */
function encodeVarint(value: number): Buffer {
  const magnitude = value < 0 ? -value - 1 : value;
  let byte = (magnitude % 64) * 2 + (value < 0 ? 1 : 0);
  let rest = Math.floor(magnitude / 64);
  let length = 0;
  while (rest > 0) {
    scratch[length] = byte | 0x80;
    length += 1;
    byte = rest % 128;
    rest = Math.floor(rest / 128);
  }
  scratch[length] = byte;
  return views[length + 1]!;
}
