import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { ClickHouseServerError } from './clickhouse-error.js';

/** A query that comes in the body is held in memory; rows of an INSERT go through a file and may be of any size. */
const maxQueryInBody = 64 * 1024 * 1024;

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
  zstd: () => createZstdDecompress(),
};

export async function bodyAsText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) {
      size += chunk.length;
      if (size > maxQueryInBody) {
        throw new ClickHouseServerError(
          223,
          'QUERY_IS_TOO_LARGE',
          `A query in the body may have ${maxQueryInBody} bytes. Give the INSERT in the URL and only its rows in the body`,
        );
      }
      chunks.push(chunk);
    }
  };
  await decoded(request, collect);
  return Buffer.concat(chunks).toString('utf8');
}

/** Writes the body to a file of the working folder, at the pace of the disk, and gives its name. */
export async function bodyAsFile(request: IncomingMessage): Promise<string> {
  const name = `rows-${randomUUID()}`;
  try {
    await decoded(request, (source) => pipeline(source, createWriteStream(name, { mode: 0o600 })));
    return name;
  } catch (error) {
    await rm(name, { force: true });
    throw error;
  }
}

async function decoded(request: IncomingMessage, use: (source: Readable) => Promise<void>): Promise<void> {
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding === 'identity') return use(request);
  const decoder = decoders[encoding]?.();
  if (decoder === undefined) {
    throw new ClickHouseServerError(48, 'NOT_IMPLEMENTED', `Unknown compression method of the request: ${encoding}`);
  }
  // Piped by hand: the request must outlive a decoder that gives up, so that the fault can be answered.
  const giveUp = (): void => {
    if (!request.complete) decoder.destroy(new Error('The client went away'));
  };
  request.once('close', giveUp);
  try {
    await use(request.pipe(decoder));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!/^(Z_|ZSTD_|ERR__)/.test(code ?? '')) throw error;
    throw new ClickHouseServerError(271, 'CANNOT_DECOMPRESS', `The body is no ${encoding} stream`);
  } finally {
    request.off('close', giveUp);
  }
}
