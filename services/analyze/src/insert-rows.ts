import { Readable } from 'node:stream';
import { ClickHouseError, type ClickHouseClient } from '@clickhouse/client';
import { insertSettings } from '@rapport/analytics-db';
import type { LogRecord } from '@rapport/event-log';
import { RetriableError, type Outcome } from '@rapport/runtime';
import type { Columns } from './rows/columns.js';
import { RowBinaryWriter, UnwritableCellError } from './rows/row-binary.js';
import type { TableRows } from './rows/rows-of-batch.js';

/** Codes of ClickHouse that say: this row cannot be stored, now or later. Everything else may pass. */
const faultsOfARow: ReadonlySet<string> = new Set([
  '6', // CANNOT_PARSE_TEXT
  '25', // CANNOT_PARSE_ESCAPE_SEQUENCE
  '26', // CANNOT_PARSE_QUOTED_STRING
  '27', // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  '32', // ATTEMPT_TO_READ_AFTER_EOF
  '38', // CANNOT_PARSE_DATE
  '41', // CANNOT_PARSE_DATETIME
  '53', // TYPE_MISMATCH
  '69', // ARGUMENT_OUT_OF_BOUND
  '70', // CANNOT_CONVERT_TYPE
  '72', // CANNOT_PARSE_NUMBER
  '117', // INCORRECT_DATA
  '131', // TOO_LARGE_STRING_SIZE
  '349', // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
  '407', // DECIMAL_OVERFLOW
]);

/**
 * Inserts rows under `token`: inserting the same rows under the same token again adds nothing. When a row cannot be stored,
 * halves the rows until it stands alone (halves have tokens of their own, the same in a repetition) and gives that one
 * up. Returns the rows given up. Throws `RetriableError` when ClickHouse is away, busy or misconfigured.
 */
export async function insertRows(
  clickhouse: ClickHouseClient,
  { table, columns, rows, records }: TableRows,
  token: string,
): Promise<ReadonlyMap<LogRecord, Outcome>> {
  try {
    const writer = new RowBinaryWriter(columns);
    for (const row of rows) writer.add(row);
    await insertBytes(clickhouse, { table, columns, bytes: writer.bytes(), token: `${token}/${table}` });
    return new Map();
  } catch (error) {
    if (!isFaultOfARow(error)) {
      throw new RetriableError(`ClickHouse did not take rows of ${table}${codeOf(error)}`, {
        cause: withoutValues(error),
      });
    }
    const [record] = records;
    if (rows.length === 1 && record !== undefined) {
      return new Map([[record, { kind: 'dead-letter', reason: `clickhouse-refused${codeOf(error)}` }]]);
    }
    const middle = Math.ceil(rows.length / 2);
    const part = (from: number, to: number): Promise<ReadonlyMap<LogRecord, Outcome>> =>
      insertRows(
        clickhouse,
        { table, columns, rows: rows.slice(from, to), records: records.slice(from, to) },
        `${token}/${from}-${to}`,
      );
    return new Map([...(await part(0, middle)), ...(await part(middle, rows.length))]);
  }
}

interface BytesToInsert {
  readonly table: string;
  readonly columns: Columns;
  /** RowBinary */
  readonly bytes: Buffer;
  readonly token: string;
}

async function insertBytes(
  clickhouse: ClickHouseClient,
  { table, columns, bytes, token }: BytesToInsert,
): Promise<void> {
  const { stream } = await clickhouse.exec({
    query: `INSERT INTO ${table} (${columns.map(([name]) => name).join(', ')}) FORMAT RowBinary`,
    values: Readable.from([bytes], { objectMode: false }),
    clickhouse_settings: { ...insertSettings, insert_deduplication_token: token },
  });
  // An unread answer would keep the connection busy.
  for await (const chunk of stream) void chunk;
}

function isFaultOfARow(error: unknown): boolean {
  return error instanceof UnwritableCellError || (error instanceof ClickHouseError && faultsOfARow.has(error.code));
}

function codeOf(error: unknown): string {
  if (error instanceof ClickHouseError) return ` (code ${error.code}, ${error.type ?? 'unknown'})`;
  if (error instanceof UnwritableCellError) return ' (no value of its column)';
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? ` (${code})` : '';
}

/** ClickHouse quotes the row at fault, which holds personal data: its text goes no further. */
function withoutValues(error: unknown): unknown {
  return error instanceof ClickHouseError ? undefined : error;
}
