import { Session } from 'chdb';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { analystLimits, type AnalystLimits } from './analyst-limits.js';
import { ClickHouseServerError, clickHouseErrorOf } from './clickhouse-error.js';
import { Lanes } from './lanes.js';
import { headerLengthIn } from './repeated-header.js';
import { filtersOf, workspaceTablesOf, type WorkspaceTable } from './workspace-rows.js';
import { isInsert, literal, quotedName, readInsertWithData, readStatement, type Statement } from './statement.js';

export type Role = 'writer' | 'analyst';

export interface EngineQuery {
  readonly queryId: string;
  readonly role: Role;
  /** The only workspace whose rows the asker sees; `undefined` for all. */
  readonly workspaceId: string | undefined;
  /** GET never modifies, whoever asks. */
  readonly readOnly: boolean;
  readonly sql: string;
  /** Rows of an INSERT: a file in the working folder, which the engine reads and removes. */
  readonly dataFile?: string;
  readonly database: string | undefined;
  readonly defaultFormat: string;
  readonly settings: Readonly<Record<string, string>>;
  /** As in the URL: the escaped text form that ClickHouse documents for `param_*`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The asker went away. */
  readonly signal: AbortSignal;
}

export interface EngineResult {
  readonly format: string;
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly summary: Readonly<Record<string, number>>;
}

/** Raised by the engine's default of 256 KiB; a query may be as long as our own parser of it can bear. */
const maxQueryBytes = 4 * 1024 * 1024;

const settingsOfEverybody: Readonly<Record<string, string>> = {
  // The engine's own default (1) acknowledges rows in groups and ignores the insert's deduplication token.
  async_insert: '0',
  wait_for_async_insert: '1',
  max_query_size: String(maxQueryBytes),
};

/**
 * chDB, opened once on one folder. Every query gets a session of its own (it costs half a millisecond), so that
 * settings and parameters never leak from one asker to the next, and queries run side by side; a bounded number of
 * analysts' queries at a time, in a lane apart from our own writes.
 */
export class Engine {
  readonly #keepOpen: Session;
  readonly #lanes: Readonly<Record<Role, Lanes>> = { writer: new Lanes(8, 1_000), analyst: new Lanes(4, 100) };

  /** Known until the schema changes; this process is the only one that changes it. */
  #workspaceTables: Promise<readonly WorkspaceTable[]> | undefined;

  constructor(
    readonly folder: string,
    readonly limits: AnalystLimits = analystLimits,
  ) {
    this.#keepOpen = new Session(folder, {
      connectionArgs: [
        '--max_server_memory_usage_to_ram_ratio=0.5',
        '--mark_cache_size=268435456',
        '--background_pool_size=2',
        '--background_schedule_pool_size=4',
        // Merges can wait; inserts and questions cannot.
        '--os_threads_nice_value_merge_mutate=10',
      ],
    });
  }

  async createDatabase(name: string): Promise<void> {
    await this.#keepOpen.queryAsync(`CREATE DATABASE IF NOT EXISTS ${quotedName(name)}`);
  }

  close(): void {
    this.#keepOpen.close();
  }

  /** `use` takes the result while its session lives; the session is freed when `use` is done, or failed. */
  async run(query: EngineQuery, use: (result: EngineResult) => Promise<void>): Promise<void> {
    const leave = await this.#lanes[query.role].enter();
    const mark = `rapport:${query.queryId}:${randomUUID()}`;
    const kill = (): void => void this.#kill(mark);
    let session: Session | undefined;
    try {
      if (query.signal.aborted) throw new ClickHouseServerError(394, 'QUERY_WAS_CANCELLED', 'The client went away');
      session = new Session(this.folder);
      query.signal.addEventListener('abort', kill);
      const ownRows = await this.#onlyOwnRows(query.workspaceId);
      const limits = query.role === 'analyst' ? { ...this.limits, allow_introspection_functions: '0' } : {};
      await prepare(session, query, {
        ...settingsOfEverybody,
        ...limits,
        ...query.settings,
        ...ownRows,
        log_comment: mark,
      });
      await use(await start(session, query));
    } catch (error) {
      throw clickHouseErrorOf(error);
    } finally {
      // A writer's statement may have made a table.
      if (query.role === 'writer' && !isInsert(query.sql)) this.#workspaceTables = undefined;
      query.signal.removeEventListener('abort', kill);
      session?.close();
      if (query.dataFile !== undefined) await rm(query.dataFile, { force: true });
      leave();
    }
  }

  /** The setting that leaves out the rows of other workspaces, in every table, also where views read them. */
  async #onlyOwnRows(workspaceId: string | undefined): Promise<Readonly<Record<string, string>>> {
    if (workspaceId === undefined) return {};
    this.#workspaceTables ??= workspaceTablesOf(this.#keepOpen);
    return { additional_table_filters: filtersOf(await this.#workspaceTables, workspaceId) };
  }

  async #kill(mark: string): Promise<void> {
    const session = new Session(this.folder);
    try {
      await session.queryAsync(
        `KILL QUERY WHERE Settings['log_comment'] = ${literal(mark)} AND query_id != queryID() ASYNC`,
      );
    } catch {
      // It ended by itself meanwhile.
    } finally {
      session.close();
    }
  }
}

/** Settings first and `readonly` last: from there on the engine itself refuses any change. */
async function prepare(
  session: Session,
  query: EngineQuery,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const parameters = Object.entries(query.parameters).map(([name, value]) => [`param_${name}`, value] as const);
  const changes = [...Object.entries(settings), ...parameters].map(([name, value]) => `${name} = ${literal(value)}`);
  await session.queryAsync(`SET ${changes.join(', ')}`);
  if (query.database !== undefined) await session.queryAsync(`USE ${quotedName(query.database)}`);
  if (query.role === 'analyst') await session.queryAsync('SET readonly = 1');
  else if (query.readOnly) await session.queryAsync('SET readonly = 2');
}

async function start(session: Session, query: EngineQuery): Promise<EngineResult> {
  if (isInsert(query.sql)) return insert(session, query);
  const statement = await inspect(session, query);
  const format = statement.format ?? query.defaultFormat;
  const headerLength = statement.isSelect ? headerLengthIn(format) : undefined;
  if (headerLength !== undefined) return stream(session, query, format, headerLength);
  const result = await session.queryAsync(query.sql, { format });
  return {
    format,
    chunks: [result.bytes()],
    summary: { read_rows: result.rowsRead, read_bytes: result.bytesRead, elapsed_ns: result.elapsed * 1e9 },
  };
}

/** Lets the engine parse the query without running it, which also proves that it is one statement. */
async function inspect(session: Session, query: EngineQuery): Promise<Statement> {
  const canonical = await session.queryAsync(`SELECT formatQuerySingleLine(${literal(query.sql)})`, {
    format: 'RawBLOB',
  });
  const statement = readStatement(canonical.text());
  if (statement.usesServerFiles) {
    throw new ClickHouseServerError(1, 'UNSUPPORTED_METHOD', 'INTO OUTFILE and FROM INFILE are not allowed over HTTP');
  }
  if (query.role === 'analyst' && (statement.isKill || statement.outsideSource !== undefined)) {
    const what = statement.outsideSource === undefined ? 'KILL and EXECUTE are' : `${statement.outsideSource}() is`;
    throw new ClickHouseServerError(497, 'ACCESS_DENIED', `Not enough privileges: ${what} not for the read-only user`);
  }
  return statement;
}

async function insert(session: Session, query: EngineQuery): Promise<EngineResult> {
  let sql = query.sql;
  if (query.dataFile !== undefined) {
    const target = readInsertWithData(query.sql);
    if (target === undefined) {
      throw new ClickHouseServerError(
        48,
        'NOT_IMPLEMENTED',
        'Rows in the body need a query of the form INSERT INTO table (columns) FORMAT name',
      );
    }
    sql = `${target.head} FROM INFILE ${literal(query.dataFile)} COMPRESSION 'none'${target.settings} FORMAT ${target.format}`;
  }
  if (query.role === 'analyst' || query.readOnly) {
    throw new ClickHouseServerError(
      164,
      'READONLY',
      'Cannot execute query in readonly mode. Writing needs POST and the writer',
    );
  }
  const result = await session.queryAsync(sql);
  const summary = {
    read_rows: result.rowsRead,
    read_bytes: result.bytesRead,
    written_rows: result.rowsRead,
    written_bytes: result.bytesRead,
    elapsed_ns: result.elapsed * 1e9,
  };
  return { format: query.defaultFormat, chunks: [], summary };
}

async function stream(
  session: Session,
  query: EngineQuery,
  format: string,
  headerLength: (chunk: Uint8Array) => number,
): Promise<EngineResult> {
  const source = session.queryStream(query.sql, { format, signal: query.signal })[Symbol.asyncIterator]();
  // Most errors show with the first chunk, while a status can still be answered.
  const first = await source.next();
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for (let next = first, index = 0; next.done !== true; next = await source.next(), index += 1) {
        const bytes = next.value.raw();
        yield index === 0 ? bytes : bytes.subarray(headerLength(bytes));
      }
    } finally {
      await source.return?.();
    }
  }
  return { format, chunks: chunks(), summary: {} };
}
