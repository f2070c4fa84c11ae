import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ClickHouseClient } from '@clickhouse/client';
import { CommandError } from '../command-error.js';
import { questionParameters } from './question-parameters.js';

const formats: Readonly<Record<string, string>> = {
  ...{
    parquet: 'Parquet',
    csv: 'CSVWithNames',
    tsv: 'TabSeparatedWithNames',
    jsonl: 'JSONEachRow',
    ndjson: 'JSONEachRow',
  },
  ...{
    json: 'JSON',
    arrow: 'Arrow',
    feather: 'Arrow',
    arrows: 'ArrowStream',
    orc: 'ORC',
    avro: 'Avro',
    md: 'Markdown',
    sql: 'SQLInsert',
  },
};
/** Short names beside ClickHouse's own. */
const shortNames: Readonly<Record<string, string>> = {
  csv: 'CSVWithNames',
  tsv: 'TabSeparatedWithNames',
  jsonl: 'JSONEachRow',
  parquet: 'Parquet',
  arrow: 'Arrow',
};
const binary = /^(Parquet|Arrow|ORC|Avro|Native|RowBinary|MsgPack|BSON|Npy)/i;

/** ClickHouse's name of the format: as asked for, else by the ending of the file. Errors: `CommandError`. */
export function exportFormat({ format, output }: { readonly format?: string; readonly output?: string }): string {
  if (format !== undefined) return shortNames[format.toLowerCase()] ?? format;
  const ending = path
    .extname(output ?? '')
    .slice(1)
    .toLowerCase();
  const known = formats[ending];
  if (known !== undefined) return known;
  throw new CommandError(`The ending .${ending} names no format.`, {
    hint: `Use one of ${Object.keys(formats).join(', ')}, or name a format of ClickHouse: --format CSVWithNames.`,
  });
}

export function isBinary(format: string): boolean {
  return binary.test(format);
}

export interface ExportQuery {
  readonly query: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly format: string;
}

/** Writes a result as it comes, so that it may be larger than memory. Rejects as the client does when the question fails. */
export async function exportTo(stream: Writable, client: ClickHouseClient, question: ExportQuery): Promise<void> {
  const { query, parameters, format } = question;
  const { stream: rows } = await client.exec({
    query: `${query}\nFORMAT ${format}`,
    ...questionParameters(query, parameters),
  });
  await pipeline(rows, failingAtTheEnd(), stream, { end: stream !== process.stdout });
}

/** A file is there whole or not at all. */
export async function exportToFile(file: string, client: ClickHouseClient, question: ExportQuery): Promise<void> {
  const part = `${file}.part`;
  const opened = await open(part, 'w', 0o600);
  try {
    await exportTo(opened.createWriteStream(), client, question);
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
}

const mark = '__exception__\r\n';
/** Longer than any message that the engine sends behind the rows. */
const tailBytes = 64 * 1024;

/** What fails after the first rows is told behind them: then the rows are not all, and the stream fails with it. */
function failingAtTheEnd(): Transform {
  let held = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const all = Buffer.concat([held, chunk]);
      const passed = Math.max(0, all.length - tailBytes);
      held = all.subarray(passed);
      done(null, passed === 0 ? undefined : all.subarray(0, passed));
    },
    flush(done) {
      const text = held.toString('latin1');
      if (!text.endsWith(mark)) return done(null, held);
      const begin = text.lastIndexOf(`\r\n${mark}`, text.length - mark.length - 3);
      const message = held.subarray(begin < 0 ? 0 : begin + mark.length + 2).toString('utf8');
      const code = /Code: (\d+)/.exec(message)?.[1];
      const said = message.split('\r\n').slice(1, -2).join(' ').trim();
      done(Object.assign(new Error(said), { ...(code !== undefined && { code }) }));
    },
  });
}
