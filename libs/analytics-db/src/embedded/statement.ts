/** What has to be known of a query before it runs. Read from its canonical text (`formatQuerySingleLine`), one statement without comments. */
export interface Statement {
  readonly isSelect: boolean;
  /** Named by the query's own FORMAT clause. */
  readonly format: string | undefined;
  /** Reads or writes files of the server, which HTTP never may. */
  readonly usesServerFiles: boolean;
  /** First source outside the database's own tables that the query names. */
  readonly outsideSource: string | undefined;
  readonly isKill: boolean;
}

/** Functions and table functions that reach beyond the database's own tables: files, addresses, programs, other servers. */
const outsideSources =
  /\b(file(?:Cluster)?|url(?:Cluster)?|s3\w*|gcs\w*|oss\w*|cosn\w*|hdfs\w*|azure\w*|remote\w*|cluster\w*|mysql|postgresql|mongodb|redis|sqlite|odbc|jdbc|executable|iceberg\w*|delta\w*Lake\w*|hudi\w*|paimon\w*|ytsaurus|arrowFlight|prometheus\w*|timeSeries\w*|catboostEvaluate|dictionary|input|python|filesystem|backup|merge\w*|loop|view(?:IfPermitted|Explain))\s*\(/i;

export function readStatement(canonicalText: string): Statement {
  const words = withoutQuotedText(canonicalText);
  return {
    isSelect: /^\s*\(*\s*(SELECT|WITH|FROM)\b/i.test(words) && !/\bINSERT\s+INTO\b/i.test(words),
    format: /\sFORMAT\s+(\w+)\s*(?:SETTINGS\b.*)?$/i.exec(words)?.[1],
    usesServerFiles: /\b(INTO\s+OUTFILE|FROM\s+INFILE)\b/i.test(words),
    outsideSource: outsideSources.exec(words)?.[1],
    isKill: /^\s*(KILL|EXECUTE)\b/i.test(words),
  };
}

/** Empties string literals and quoted names, so that what is left are keywords, plain names and punctuation. */
function withoutQuotedText(text: string): string {
  return text.replace(/'(?:[^'\\]|\\.|'')*'|`(?:[^`\\]|\\.|``)*`|"(?:[^"\\]|\\.|"")*"/gs, (quoted) =>
    quoted.charAt(0) === "'" ? "''" : 'quoted',
  );
}

/** An INSERT whose rows follow in the request's body, split where the body's file can be named. */
export interface InsertWithData {
  readonly head: string;
  readonly settings: string;
  readonly format: string;
}

/** Reads `INSERT INTO t (a, b) [SETTINGS ...] FORMAT f` or `... VALUES`; undefined for any other statement. */
export function readInsertWithData(query: string): InsertWithData | undefined {
  const match =
    /^\s*(?<head>INSERT\s+INTO\s.*?)(?<settings>\sSETTINGS\s.*?)?\s(?:FORMAT\s+(?<format>\w+)|(?<values>VALUES))\s*;?\s*$/is.exec(
      query,
    );
  const { head, settings, format, values } = match?.groups ?? {};
  if (head === undefined || /\bSELECT\b/i.test(head)) return undefined;
  return { head, settings: settings ?? '', format: values === undefined ? format! : 'Values' };
}

/** Whether the query is an INSERT, whatever comments stand before it. Time grows with the length of the query, no faster. */
export function isInsert(query: string): boolean {
  let at = 0;
  for (;;) {
    while (/\s/.test(query.charAt(at))) at += 1;
    const end = query.startsWith('--', at)
      ? query.indexOf('\n', at)
      : query.startsWith('/*', at)
        ? query.indexOf('*/', at) + 1
        : undefined;
    if (end === undefined) return /^INSERT\b/i.test(query.slice(at, at + 7));
    if (end <= 0) return false;
    at = end + 1;
  }
}

/** A string literal of ClickHouse. */
export function literal(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`;
}

export function quotedName(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}
