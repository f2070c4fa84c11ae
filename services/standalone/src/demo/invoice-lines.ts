import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { Decimal } from 'decimal.js';

/** One line of an invoice of the UCI Online Retail files. */
export interface InvoiceLine {
  readonly invoice: string;
  readonly stockCode: string;
  readonly description: string;
  readonly quantity: Decimal;
  /** Milliseconds since the epoch, the local time in the file taken as UTC. */
  readonly time: number;
  readonly price: Decimal;
  /** Empty where the shop did not know. */
  readonly customer: string;
  readonly country: string;
}

/** What the file says cannot be used; the message names file, line and how to mend it. */
export class InvoiceFileError extends Error {
  override readonly name = 'InvoiceFileError';
}

/** The two published editions of the data set name some columns differently. */
const columns = {
  invoice: ['Invoice', 'InvoiceNo'],
  stockCode: ['StockCode'],
  description: ['Description'],
  quantity: ['Quantity'],
  time: ['InvoiceDate'],
  price: ['Price', 'UnitPrice'],
  customer: ['CustomerID', 'Customer ID'],
  country: ['Country'],
} as const;
type Column = keyof typeof columns;

/** Reads a CSV file, plain or gzip (`.gz`), line by line. */
export async function* readInvoiceLines(file: string): AsyncGenerator<InvoiceLine> {
  const bytes = createReadStream(file);
  const text = file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  const parser = text.pipe(parse({ columns: (header: string[]) => namedColumns(header, file), bom: true, info: true }));
  // A pipe does not hand errors on: without this a missing file would leave the reader waiting for ever.
  for (const source of [bytes, text]) source.on('error', (error) => parser.destroy(error));
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: Record<Column, string>;
      info: { lines: number };
    }>) {
      yield invoiceLine(record, `${file}:${info.lines}`);
    }
  } catch (error) {
    if (error instanceof InvoiceFileError) throw error;
    throw new InvoiceFileError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  } finally {
    bytes.destroy();
  }
}

function namedColumns(header: readonly string[], file: string): (Column | undefined)[] {
  const names = header.map((text) =>
    (Object.keys(columns) as Column[]).find((column) => (columns[column] as readonly string[]).includes(text.trim())),
  );
  const missing = (Object.keys(columns) as Column[]).filter((column) => !names.includes(column));
  if (missing.length > 0) {
    throw new InvoiceFileError(
      `${file}:1 has no column ${missing.map((column) => columns[column].join(' or ')).join(', ')}. ` +
        'Use a CSV export of UCI Online Retail (archive.ics.uci.edu, data set 352 or 502) with its header line.',
    );
  }
  return names;
}

function invoiceLine(record: Readonly<Record<Column, string>>, position: string): InvoiceLine {
  return {
    invoice: record.invoice.trim(),
    stockCode: record.stockCode.trim(),
    description: record.description.trim(),
    quantity: decimal(record.quantity, 'quantity', position),
    time: localTime(record.time, position),
    price: decimal(record.price, 'price', position),
    customer: record.customer.trim().replace(/\.0$/, ''),
    country: record.country.trim(),
  };
}

function decimal(text: string, column: Column, position: string): Decimal {
  if (!/^-?\d+(\.\d+)?$/.test(text.trim())) {
    throw new InvoiceFileError(`${position} ${columns[column][0]}: "${text}" is no number; write it like 12 or 6.95.`);
  }
  return new Decimal(text.trim());
}

function localTime(text: string, position: string): number {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2})?)$/.exec(text.trim());
  const time = match ? Date.parse(`${match[1]}T${match[2]}Z`) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new InvoiceFileError(`${position} InvoiceDate: "${text}" is no date; write it like 2010-12-01 08:26:00.`);
  }
  return time;
}
