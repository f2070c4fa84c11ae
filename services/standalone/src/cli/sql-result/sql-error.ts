import { CommandError } from '../command-error.js';

interface EngineError extends Error {
  /** Number of ClickHouse's error, as text. */
  readonly code: string;
  readonly type?: string;
}

interface Remedy {
  readonly said: string;
  readonly hint: string;
}

const tables = 'rapport sql "SHOW TABLES" lists what there is, docs/sql describes it.';
const smaller = 'Ask for less: a shorter time, fewer columns, a GROUP BY or a LIMIT.';

/** What an analyst can do about an error, by its ClickHouse code. */
const remedies: Readonly<Record<string, Remedy>> = {
  '62': { said: 'The question is no ClickHouse SQL', hint: 'The position is counted in characters from the first.' },
  '47': { said: 'A column is not known', hint: 'rapport sql "DESCRIBE <table>" lists the columns of a table.' },
  '60': { said: 'A table is not known', hint: tables },
  '46': { said: 'A function is not known', hint: 'clickhouse.com/docs/sql-reference/functions lists them.' },
  '158': { said: 'The question reads more rows than an analyst may', hint: smaller },
  '307': { said: 'The question reads more than an analyst may', hint: smaller },
  '396': { said: 'The result is larger than an analyst may take', hint: smaller },
  '159': { said: 'The question took longer than an analyst may', hint: smaller },
  '160': { said: 'The question would take longer than an analyst may', hint: smaller },
  '241': { said: 'The question needs more memory than an analyst may use', hint: smaller },
  '202': { said: 'Too many questions at a time', hint: 'Ask again in a moment.' },
  '164': {
    said: 'An analyst can read and change nothing',
    hint: 'Touchpoints are sent to the collector: see docs/collect.md.',
  },
  '497': { said: 'An analyst may not do this', hint: tables },
  '452': { said: 'An analyst can tighten limits and not lift them', hint: smaller },
  '516': {
    said: 'The SQL user is not known',
    hint: 'On a ClickHouse server an administrator makes one for each workspace: see docs/access.md.',
  },
  '456': {
    said: 'A parameter has no value',
    hint: "Give it: --param name=value; one of a view in its brackets: rfm(as_of = '2024-07-01', ties = 'ntile').",
  },
  '457': { said: 'A parameter has a value of another type', hint: 'The type stands in the question: {name:UInt32}.' },
  '395': { said: 'The question cannot be answered', hint: 'docs/sql/reference.md has every view with its parameters.' },
  '73': { said: 'The format is not known', hint: 'For example CSVWithNames, JSONEachRow, Parquet, ArrowStream.' },
};

/** READONLY stands for settings too. */
const settingRefused: Remedy = {
  said: 'An analyst cannot change this setting in a question',
  hint: 'Leave it out of SETTINGS. docs/sql says what a question may take.',
};

const formatSaidTwice: Remedy = {
  said: 'The format of the answer is no part of the question',
  hint: 'Leave FORMAT out, and say --format JSON (or any other), --json or --output FILE.',
};

export function isEngineError(error: unknown): error is EngineError {
  return error instanceof Error && 'code' in error && /^\d+$/.test(String(error.code));
}

/** ClickHouse's answer in words for the asker: what is wrong, in its own words where, and how to mend it. */
export function sqlFailure(error: EngineError, query = ''): CommandError {
  const said = firstOf(error.message);
  const remedy = remedyOf(error.code, said, query);
  return new CommandError(remedy ? `${remedy.said}: ${said}` : `ClickHouse refused the question: ${said}`, {
    hint: remedy?.hint ?? tables,
    cause: error,
  });
}

function remedyOf(code: string, said: string, query: string): Remedy | undefined {
  if (code === '164' && /setting in readonly mode/.test(said)) return settingRefused;
  if (code === '62' && /\sFORMAT\s+\w+$/i.test(query)) return formatSaidTwice;
  return remedies[code];
}

/** Without the dozens of words that could have stood there instead, the version of the engine, and the format that we ask for. */
function firstOf(message: string): string {
  return (
    (message.split(/[\s.]+Expected (?:one of|end of query)/)[0] ?? message)
      .replace(/\s*\(version [^)]*\)+/, '')
      .replace(/\s+FORMAT \w+\s*$/, '')
      // What it was doing is a page of our own views.
      .replace(/: (?:while|While) (?:executing|processing) [^]*$/, '')
      // Behind the first rows the engine adds its own prefix, and the length of what it said.
      .replace(/^Code: \d+\. DB::Exception: /, '')
      .replace(/\n\d+ \w+\s*$/, '')
      .trim()
  );
}
