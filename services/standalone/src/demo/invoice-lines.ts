import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { Decimal } from 'decimal.js';

/** One line of an invoice of the UCI Online Retail files. */
export interface InvoiceLine {
  readonly invoice: string;
  readonly stockCode: string;
  readonly description: string;
  readonly quantity: number;
  /** Milliseconds since the epoch, the local time in the file taken as UTC. */
  readonly time: number;
  readonly price: Decimal;
  /** Empty where the shop did not know. */
  readonly customer: string;
  readonly country: string;
}

/** What the file says cannot be used; the message names file, row and how to mend it. */
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
  const parser = text.pipe(parse({ bom: true }));
  // A pipe does not hand errors on: without this a missing file would leave the reader waiting for ever.
  for (const source of [bytes, text]) source.on('error', (error: Error) => parser.destroy(error));
  let row = 0;
  let decode: (fields: readonly string[], position: string) => InvoiceLine = () => {
    throw new Error('The header comes first.');
  };
  try {
    for await (const fields of parser as AsyncIterable<readonly string[]>) {
      row++;
      const position = `${file} row ${row}`;
      if (row === 1) decode = invoiceLineDecoder(fields, position);
      else yield decode(fields, position);
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

function invoiceLineDecoder(header: readonly string[], position: string) {
  const at = columnPositions(header, position);
  // Half a million lines repeat a few thousand prices and dates.
  const prices = new Map<string, Decimal>();
  const times = new Map<string, number>();
  return (fields: readonly string[], position: string): InvoiceLine => {
    const text = (column: Column) => fields[at[column]]?.trim() ?? '';
    return {
      invoice: text('invoice'),
      stockCode: text('stockCode'),
      description: text('description'),
      quantity: wholeNumber(text('quantity'), position),
      time: remembered(times, text('time'), (value) => localTime(value, position)),
      price: remembered(prices, text('price'), (value) => money(value, position)),
      customer: text('customer').replace(/\.0$/, ''),
      country: text('country'),
    };
  };
}

function columnPositions(header: readonly string[], position: string): Record<Column, number> {
  const names = Object.keys(columns) as Column[];
  const find = (column: Column) =>
    header.findIndex((text) => (columns[column] as readonly string[]).includes(text.trim()));
  const missing = names.filter((column) => find(column) < 0);
  if (missing.length > 0) {
    throw new InvoiceFileError(
      `${position} has no column ${missing.map((column) => columns[column].join(' or ')).join(', ')}. ` +
        'Use a CSV export of UCI Online Retail (archive.ics.uci.edu, data set 352 or 502) with its header line.',
    );
  }
  return Object.fromEntries(names.map((column) => [column, find(column)])) as Record<Column, number>;
}

function remembered<T>(known: Map<string, T>, text: string, decode: (text: string) => T): T {
  const value = known.get(text) ?? decode(text);
  known.set(text, value);
  return value;
}

function wholeNumber(text: string, position: string): number {
  if (!/^-?\d{1,15}$/.test(text)) {
    throw new InvoiceFileError(`${position} Quantity: "${text}" is no whole number; write it like 12.`);
  }
  return Number(text);
}

function money(text: string, position: string): Decimal {
  if (!/^-?\d+(\.\d+)?$/.test(text)) {
    throw new InvoiceFileError(`${position} Price: "${text}" is no amount; write it like 6.95.`);
  }
  return new Decimal(text);
}

function localTime(text: string, position: string): number {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2})?)$/.exec(text);
  const time = match ? Date.parse(`${match[1]}T${match[2]}Z`) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new InvoiceFileError(`${position} InvoiceDate: "${text}" is no date; write it like 2010-12-01 08:26:00.`);
  }
  return time;
}
