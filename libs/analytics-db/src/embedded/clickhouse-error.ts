/** An error as ClickHouse numbers and words it. */
export class ClickHouseServerError extends Error {
  override readonly name = 'ClickHouseServerError';

  constructor(
    readonly code: number,
    readonly codeName: string,
    readonly text: string,
  ) {
    super(`Code: ${code}. DB::Exception: ${text} (${codeName}) (version ${engineVersion})`);
  }
}

/** The ClickHouse that chDB 3.4 is built from. */
export const engineVersion = '26.7.2.1';

/** Understands what the engine throws: `Code: 60. DB::Exception: Table x does not exist. (UNKNOWN_TABLE)`, maybe twice over. */
export function clickHouseErrorOf(thrown: unknown): ClickHouseServerError {
  if (thrown instanceof ClickHouseServerError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const code = /Code: (\d+)\. DB::Exception: /.exec(message);
  if (code === null) return new ClickHouseServerError(1001, 'STD_EXCEPTION', message);
  const text = message
    .replace(/^.*?Code: \d+\. DB::Exception: /s, '')
    .replace(/^(Code: \d+\. DB::Exception: )+/, '')
    .replace(/(\s*\((version [^)]*|[A-Z][A-Z0-9_]+)\)\.?)+\s*$/, '')
    // Rows of a body pass through a file of ours, which says nothing to whoever sent them.
    .replace(/:? \(in file\/uri [^)]*\)/s, '')
    .replace(/(: )?(While executing \w+|data for INSERT was parsed from file)(?=[:.]|$)\.?/g, '')
    // The scope is our own question about the query, not the query.
    .replace(/\.?\s*: In scope SELECT formatQuerySingleLine.*$/s, '');
  const codeName = /\(([A-Z][A-Z0-9_]+)\)\.?\s*$/.exec(message)?.[1] ?? 'UNKNOWN_EXCEPTION';
  return new ClickHouseServerError(Number(code[1]), codeName, text.trim());
}

/** The HTTP status that ClickHouse's own server answers an error with. */
export function httpStatusOf({ codeName }: ClickHouseServerError): number {
  return statuses[codeName] ?? 500;
}

const badRequest = 400;
const notFound = 404;
const statuses: Readonly<Record<string, number>> = {
  REQUIRED_PASSWORD: 401,
  AUTHENTICATION_FAILED: 403,
  BAD_ARGUMENTS: badRequest,
  CANNOT_PARSE_TEXT: badRequest,
  CANNOT_PARSE_ESCAPE_SEQUENCE: badRequest,
  CANNOT_PARSE_QUOTED_STRING: badRequest,
  CANNOT_PARSE_DATE: badRequest,
  CANNOT_PARSE_DATETIME: badRequest,
  CANNOT_PARSE_NUMBER: badRequest,
  CANNOT_PARSE_INPUT_ASSERTION_FAILED: badRequest,
  DUPLICATE_COLUMN: badRequest,
  ILLEGAL_COLUMN: badRequest,
  INCORRECT_DATA: badRequest,
  NUMBER_OF_ARGUMENTS_DOESNT_MATCH: badRequest,
  SYNTAX_ERROR: badRequest,
  THERE_IS_NO_COLUMN: badRequest,
  TYPE_MISMATCH: badRequest,
  BAD_QUERY_PARAMETER: badRequest,
  UNKNOWN_QUERY_PARAMETER: badRequest,
  UNKNOWN_TABLE: notFound,
  UNKNOWN_FUNCTION: notFound,
  UNKNOWN_IDENTIFIER: notFound,
  UNKNOWN_TYPE: notFound,
  UNKNOWN_STORAGE: notFound,
  UNKNOWN_DATABASE: notFound,
  UNKNOWN_SETTING: notFound,
  UNKNOWN_AGGREGATE_FUNCTION: notFound,
  UNKNOWN_FORMAT: notFound,
  UNKNOWN_TYPE_OF_QUERY: notFound,
  TIMEOUT_EXCEEDED: 408,
  HTTP_LENGTH_REQUIRED: 411,
  QUERY_IS_TOO_LARGE: 413,
  NOT_IMPLEMENTED: 501,
  TOO_MANY_SIMULTANEOUS_QUERIES: 503,
};
