import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import type { Rejection } from '@rapport/events';
import { edgeLimits } from '../limits.js';
import { createGate } from './gate.js';

export type BodyText = { readonly bytes: Buffer } | Rejection;

const options = { maxOutputLength: edgeLimits.inflatedBytes };
const throughGate = createGate(edgeLimits.parallelInflations);

type Inflate = (body: Buffer, inflateOptions: typeof options) => Promise<Buffer>;
const inflaters: Readonly<Record<string, Inflate>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
  deflate: (body, inflateOptions) => inflateEither(body, inflateOptions),
};

/** Undoes the content encoding of a body, up to the limit and not a byte further. */
export async function readBody(body: Buffer, contentEncoding: string | undefined): Promise<BodyText> {
  const encoding = encodingOf(body, contentEncoding);
  if (encoding === 'identity') return { bytes: body };
  const inflater = inflaters[encoding];
  if (inflater === undefined) {
    return { reason: 'malformed-encoding', detail: 'Content-Encoding is not known; use gzip, br, deflate or zstd' };
  }
  try {
    return { bytes: await throughGate(() => inflater(body, options)) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      const detail = `larger than ${edgeLimits.inflatedBytes} bytes when decompressed; send smaller batches`;
      return { reason: 'too-large', detail };
    }
    return { reason: 'malformed-encoding', detail: 'the body does not decompress; check Content-Encoding' };
  }
}

/** What the bytes show goes before what the header says: some proxies drop the header, some clients add it wrongly. */
function encodingOf(body: Buffer, contentEncoding: string | undefined): string {
  if (body[0] === 0x1f && body[1] === 0x8b) return 'gzip';
  if (contentEncoding === undefined || contentEncoding === '') return 'identity';
  if (body[0] === openBrace || body[0] === openBracket) return 'identity';
  return contentEncoding.trim().toLowerCase();
}

const openBrace = 0x7b;
const openBracket = 0x5b;

/** "deflate" is the zlib format by the standard, and raw deflate by the habit of some clients. */
function inflateEither(body: Buffer, inflateOptions: typeof options): Promise<Buffer> {
  const isZlib = body.length >= 2 && ((body[0] ?? 0) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;
  return promisify(isZlib ? inflate : inflateRaw)(body, inflateOptions);
}
