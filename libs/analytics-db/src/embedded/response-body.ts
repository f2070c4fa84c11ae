import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createBrotliCompress, createDeflate, createGzip, createZstdCompress } from 'node:zlib';
import { clickHouseErrorOf, httpStatusOf, type ClickHouseServerError } from './clickhouse-error.js';
import type { EngineResult } from './engine.js';

const encoders: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGzip({ level: 3 }),
  deflate: () => createDeflate({ level: 3 }),
  br: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }),
  zstd: () => createZstdCompress(),
};

const contentTypes: readonly (readonly [RegExp, string])[] = [
  [/^(JSONEachRow|JSONLines|NDJSON|JSON\w*EachRow\w*)$/i, 'application/x-ndjson; charset=UTF-8'],
  [/^JSON/i, 'application/json; charset=UTF-8'],
  [/^CSVWithNames/i, 'text/csv; charset=UTF-8; header=present'],
  [/^CSV/i, 'text/csv; charset=UTF-8; header=absent'],
  [/^(TabSeparated|TSV)/i, 'text/tab-separated-values; charset=UTF-8'],
  [/^XML$/i, 'application/xml; charset=UTF-8'],
  [/^(RowBinary|Native|Parquet|Arrow|Avro|ORC|RawBLOB)/i, 'application/octet-stream'],
];

/** Answers with a result; what fails after the first bytes is told in the body, as ClickHouse 25.11 and later do it. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  result: EngineResult,
  compress: boolean,
): Promise<void> {
  const exceptionTag = randomBytes(8).toString('hex');
  response.statusCode = 200;
  response.setHeader('Content-Type', contentTypeOf(result.format));
  response.setHeader('X-ClickHouse-Format', result.format);
  response.setHeader('X-ClickHouse-Timezone', 'UTC');
  response.setHeader('X-ClickHouse-Summary', summaryHeader(result.summary));
  response.setHeader('X-ClickHouse-Exception-Tag', exceptionTag);
  const encoding = compress ? acceptedEncoding(request) : undefined;
  const source = Readable.from(endingInError(result.chunks, exceptionTag), { objectMode: false });
  if (encoding === undefined) return pipeline(source, response);
  response.setHeader('Content-Encoding', encoding);
  return pipeline(source, encoders[encoding]!(), response);
}

export function answerError(response: ServerResponse, error: ClickHouseServerError): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  response.statusCode = httpStatusOf(error);
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
  response.setHeader('X-ClickHouse-Exception-Code', String(error.code));
  if (response.statusCode === 401) response.setHeader('WWW-Authenticate', 'Basic realm="ClickHouse server HTTP API"');
  if (response.statusCode === 503) response.setHeader('Retry-After', '1');
  response.end(`${error.message}\n`);
}

async function* endingInError(chunks: EngineResult['chunks'], tag: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of chunks) if (chunk.length > 0) yield chunk;
  } catch (thrown) {
    const message = `${clickHouseErrorOf(thrown).message}\n`;
    const length = Buffer.byteLength(message);
    yield Buffer.from(`\r\n__exception__\r\n${tag}\r\n${message}${length} ${tag}\r\n__exception__\r\n`);
  }
}

function contentTypeOf(format: string): string {
  return contentTypes.find(([pattern]) => pattern.test(format))?.[1] ?? 'text/plain; charset=UTF-8';
}

function summaryHeader(summary: Readonly<Record<string, number>>): string {
  const counts = ['read_rows', 'read_bytes', 'written_rows', 'written_bytes', 'total_rows_to_read', 'elapsed_ns'];
  return JSON.stringify(Object.fromEntries(counts.map((name) => [name, Math.round(summary[name] ?? 0).toFixed(0)])));
}

function acceptedEncoding(request: IncomingMessage): string | undefined {
  const accepted = String(request.headers['accept-encoding'] ?? '')
    .split(',')
    .map((entry) => entry.split(';', 1)[0]!.trim().toLowerCase());
  return Object.keys(encoders).find((encoding) => accepted.includes(encoding));
}
