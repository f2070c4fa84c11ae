import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { reasonOf } from '../cli/files.js';
import { type RawFields } from './columns.js';
import { type FileFormat, type InputDocument } from './mapping-document.js';

/** A row of a file, or what is wrong with it. */
export type FileRow =
  | { readonly line: number; readonly fields: RawFields }
  | { readonly line: number; readonly malformed: string; readonly original: unknown };

const wanted = 'name a whole file of CSV, TSV, JSON Lines (each plain or .gz) or Parquet';

/** A file that cannot be read at all; the message names it and says how to mend it. */
export class ImportFileError extends Error {
  override readonly name = 'ImportFileError';
}

export interface ReadOptions {
  readonly input: InputDocument;
  /** Columns that a CSV, TSV or Parquet file must have; of each group of names one. */
  readonly required: readonly (readonly string[])[];
  /** Called with the share of the file that has been read, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Reads CSV, TSV, JSON Lines (each plain or `.gz`) or Parquet. Errors: `ImportFileError`. */
export async function* readFileRows(file: string, options: ReadOptions): AsyncGenerator<FileRow> {
  const format = options.input.format ?? formatOf(file);
  try {
    const { size } = await stat(file);
    if (format === 'parquet') yield* parquetRows(file, options);
    else yield* textRows(file, format, { ...options, size });
  } catch (error) {
    if (error instanceof ImportFileError) throw error;
    throw new ImportFileError(`${file} cannot be read: ${reasonOf(error)}; ${wanted}`, { cause: error });
  }
}

/** The file's name as it goes into ids: without folder, and without `.gz`, which says nothing about its rows. */
export function plainName(file: string): string {
  return path.basename(file).replace(/\.gz$/, '');
}

function formatOf(file: string): FileFormat {
  const ending = path.extname(plainName(file)).slice(1).toLowerCase();
  const formats: Readonly<Record<string, FileFormat>> = {
    ...{ csv: 'csv', txt: 'csv', tsv: 'tsv', jsonl: 'jsonl', ndjson: 'jsonl', parquet: 'parquet' },
  };
  const format = formats[ending];
  if (format !== undefined) return format;
  throw new ImportFileError(
    `${file}: the ending .${ending} names no format; name it under input.format: csv, tsv, jsonl or parquet.`,
  );
}

async function* textRows(
  file: string,
  format: 'csv' | 'tsv' | 'jsonl',
  options: ReadOptions & { readonly size: number },
): AsyncGenerator<FileRow> {
  const bytes = createReadStream(file);
  const text: Readable = file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  const rows = format === 'jsonl' ? jsonRows(text) : delimitedRows(text, file, format, options);
  // A pipe does not hand errors on: without this a missing file would leave the reader waiting for ever.
  bytes.on('error', (error) => text.destroy(error));
  let count = 0;
  try {
    for await (const row of rows) {
      if (++count % 1000 === 0) options.onProgress?.(bytes.bytesRead / Math.max(1, options.size));
      yield row;
    }
  } finally {
    bytes.destroy();
    text.destroy();
  }
}

async function* delimitedRows(
  text: Readable,
  file: string,
  format: 'csv' | 'tsv',
  { input, required }: ReadOptions,
): AsyncGenerator<FileRow> {
  const delimiter = input.delimiter ?? (format === 'tsv' ? '\t' : ',');
  const parser = parse({
    bom: true,
    relax_column_count: true,
    delimiter,
    quote: format === 'tsv' ? null : '"',
    relax_quotes: true,
  });
  text.on('error', (error) => parser.destroy(error));
  let header = input.header;
  if (header !== undefined) complainAboutHeader(file, header, required);
  for await (const { line, record } of recordsOf(text.pipe(parser), file)) {
    if (record.length === 1 && record[0] === '') continue;
    // A blank-separated file pads its columns with more blanks.
    const values = delimiter === ' ' ? record.filter((value) => value !== '') : record;
    if (header === undefined) {
      header = values.map((name) => name.trim());
      complainAboutHeader(file, header, required);
    } else if (values.length === header.length) yield { line, fields: fieldsOf(header, values) };
    else {
      const malformed = `has ${values.length} values for ${header.length} columns`;
      yield { line, malformed, original: values };
    }
  }
  if (header === undefined) throw new ImportFileError(`${file} is empty: not even a header line is there.`);
}

/** Records with the line that each begins in. A stray quote, which swallows the rest of the file, is told by the line that it stands in. */
async function* recordsOf(
  records: AsyncIterable<readonly string[]>,
  file: string,
): AsyncGenerator<{ readonly line: number; readonly record: readonly string[] }> {
  let line = 1;
  let taken = 0;
  try {
    for await (const record of records) {
      taken += 1;
      yield { line, record };
      line += 1 + lineBreaksIn(record);
    }
  } catch (error) {
    if (!(error instanceof CsvError) || error.code !== 'CSV_QUOTE_NOT_CLOSED') throw error;
    // Records that were parsed but not taken any more are ahead of it.
    const opened = line + Number(error['records']) - taken;
    throw new ImportFileError(
      `${file}: the quote that opens a value in line ${opened} is never closed. Write it twice (""), or take it away.`,
      { cause: error },
    );
  }
}

/** Quoted values may hold lines of their own. Counted here, because the parser's own count costs as much as parsing. */
function lineBreaksIn(record: readonly string[]): number {
  let count = 0;
  for (const value of record) {
    for (let at = value.indexOf('\n'); at >= 0; at = value.indexOf('\n', at + 1)) count++;
  }
  return count;
}

function fieldsOf(header: readonly string[], values: readonly string[]): RawFields {
  const fields: Record<string, string> = {};
  for (let index = 0; index < header.length; index++) fields[header[index] as string] = values[index] as string;
  return fields;
}

function complainAboutHeader(file: string, header: readonly string[], required: ReadOptions['required']): void {
  const missing = required.filter((names) => !names.some((name) => header.includes(name)));
  if (missing.length === 0) return;
  throw new ImportFileError(
    `${file} has no column ${missing.map((names) => names.join(' or ')).join(', ')}. It has: ${header.join(', ')}. ` +
      'Correct the names under columns in the mapping (from: [one, another] allows several).',
  );
}

async function* jsonRows(text: Readable): AsyncGenerator<FileRow> {
  let line = 0;
  for await (const row of createInterface({ input: text, crlfDelay: Infinity })) {
    line++;
    if (row.trim() === '') continue;
    yield jsonRow(row, line);
  }
}

function jsonRow(text: string, line: number): FileRow {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { line, fields: value as RawFields };
    }
    return { line, malformed: 'is no JSON object', original: text };
  } catch {
    return { line, malformed: 'is not JSON', original: text };
  }
}

/** Rows that are decoded at a time: a row group of a large file may not fit into memory. */
const parquetRowsAtATime = 20_000;

async function* parquetRows(file: string, { required, onProgress }: ReadOptions): AsyncGenerator<FileRow> {
  const buffer = await asyncBufferFromFile(file);
  const metadata = await parquetMetadataAsync(buffer);
  const total = Number(metadata.num_rows);
  const header = metadata.schema.slice(1).map(({ name }) => name);
  complainAboutHeader(file, header, required);
  for (let start = 0; start < total; start += parquetRowsAtATime) {
    const end = Math.min(total, start + parquetRowsAtATime);
    const rows = await parquetReadObjects({ file: buffer, metadata, compressors, rowStart: start, rowEnd: end });
    onProgress?.(end / total);
    for (const [index, fields] of rows.entries()) yield { line: start + index + 1, fields };
  }
}
