import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ClickHouseServerError, clickHouseErrorOf } from './clickhouse-error.js';
import type { Engine, EngineQuery, Role } from './engine.js';
import { bodyAsFile, bodyAsText } from './request-body.js';
import { answer, answerError } from './response-body.js';
import { isInsert, readInsertWithData } from './statement.js';
import { queryParametersFrom, settingsFrom } from './url-settings.js';
import { askerOf, type Users } from './users.js';

const maxUrlBytes = 1024 * 1024;
/** Above what clients keep an idle connection for, so that they close it and not we. */
const keepAliveMs = 30_000;
/** A reader that takes nothing for so long is gone; its session is freed. */
const idleMs = 300_000;

export interface ClickHouseHttp {
  readonly engine: Engine;
  readonly users: Users;
  readonly displayName: string;
}

/** The ClickHouse HTTP interface: `/`, `/ping`, `/replicas_status`. */
export function createClickHouseHttp(http: ClickHouseHttp): Server {
  const server = createServer({ maxHeaderSize: maxUrlBytes, keepAliveTimeout: keepAliveMs }, (request, response) => {
    void handle(http, request, response);
  });
  server.requestTimeout = 0;
  server.timeout = idleMs;
  return server;
}

async function handle(http: ClickHouseHttp, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  response.setHeader('X-ClickHouse-Server-Display-Name', http.displayName);
  if (url.pathname === '/ping' || url.pathname === '/replicas_status') return plain(response, 200, 'Ok.\n');
  if (url.pathname !== '/') return plain(response, 404, `There is no handle ${url.pathname}. Use / or /ping.\n`);
  if (request.method === 'OPTIONS') return plain(response, 204, '');
  if (!['GET', 'HEAD', 'POST'].includes(request.method ?? '')) return plain(response, 501, 'Use GET or POST.\n');
  try {
    await handleQuery(http, request, response, url.searchParams);
  } catch (error) {
    // What is left of a refused body is not read: the connection cannot be used again.
    if (!request.complete && !response.headersSent) response.setHeader('Connection', 'close');
    answerError(response, clickHouseErrorOf(error));
  }
}

async function handleQuery(
  http: ClickHouseHttp,
  request: IncomingMessage,
  response: ServerResponse,
  parameters: URLSearchParams,
): Promise<void> {
  const queryId = parameters.get('query_id') || randomUUID();
  response.setHeader('X-ClickHouse-Query-Id', /^[\x20-\x7e]{1,200}$/.test(queryId) ? queryId : randomUUID());
  const { role, workspaceId } = askerOf(request.headers, parameters, http.users);
  refuseWhatIsMissing(request, parameters);
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const query: EngineQuery = {
    queryId,
    role,
    workspaceId,
    readOnly: request.method !== 'POST',
    ...(await readQuery(request, parameters, role)),
    database: parameters.get('database') ?? headerOf(request, 'x-clickhouse-database'),
    defaultFormat: parameters.get('default_format') ?? headerOf(request, 'x-clickhouse-format') ?? 'TabSeparated',
    settings: settingsFrom(parameters, role, http.engine.limits),
    parameters: queryParametersFrom(parameters),
    signal: gone.signal,
  };
  const compress = parameters.get('enable_http_compression') === '1';
  await http.engine.run(query, (result) => answer(request, response, result, compress));
}

async function readQuery(
  request: IncomingMessage,
  parameters: URLSearchParams,
  role: Role,
): Promise<Pick<EngineQuery, 'sql' | 'dataFile'>> {
  const inUrl = parameters.get('query') ?? '';
  if (isInsert(inUrl) && readInsertWithData(inUrl) !== undefined && role === 'writer') {
    return { sql: inUrl, dataFile: await bodyAsFile(request) };
  }
  const inBody = await bodyAsText(request);
  const sql = inUrl === '' ? inBody : inBody === '' ? inUrl : `${inUrl}\n${inBody}`;
  if (sql.trim() === '') throw new ClickHouseServerError(62, 'SYNTAX_ERROR', 'Empty query');
  return { sql };
}

function refuseWhatIsMissing(request: IncomingMessage, parameters: URLSearchParams): void {
  if (parameters.get('compress') === '1' || parameters.get('decompress') === '1') {
    throw new ClickHouseServerError(
      48,
      'NOT_IMPLEMENTED',
      'The embedded ClickHouse does not speak the native compression (compress=1). ' +
        'Switch it off in the client, or use HTTP compression (Accept-Encoding, enable_http_compression=1)',
    );
  }
  if (/^multipart\//i.test(request.headers['content-type'] ?? '')) {
    throw new ClickHouseServerError(48, 'NOT_IMPLEMENTED', 'The embedded ClickHouse takes no multipart bodies');
  }
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/html; charset=UTF-8');
  response.end(text);
}
