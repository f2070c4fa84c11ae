import pg from 'pg';

export interface PostgresPoolOptions {
  readonly url: string;
  readonly poolSize: number;
  readonly applicationName: string;
  /** An idle connection that broke; the pool replaces it by itself. */
  readonly onError: (error: Error) => void;
  /**
   * Plans each prepared statement once, for whatever values: right for look-ups by key, whose planning costs more than
   * they do themselves and comes out the same.
   */
  readonly plansOnce?: boolean;
  /**
   * A statement, or the wait for a connection, that takes longer is given up, milliseconds: for those who answer somebody who
   * waits. Only for `query` of the pool itself, which closes the connection that the statement was on.
   */
  readonly answersWithinMs?: number;
  /** Hears of the server's process behind each new connection. */
  readonly onServerProcess?: (processId: number) => void;
  /**
   * Connections are kept however long nobody needs them. Else they are closed after ten seconds, and whoever comes with others at
   * once waits for new ones: password, process, plans.
   */
  readonly staysConnected?: boolean;
  /** Changes every statement before it is sent. */
  readonly rewrite?: (text: string) => string;
}

// Offsets and counts are bigint in PostgreSQL and below 2^53 here, so they come back as numbers.
const bigintOid = 20;
const parseBigint = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is beyond 2^53; read it as text`);
  return value;
};

/**
 * A pool whose sessions commit without waiting for the disk: everything in PostgreSQL is a projection whose position is
 * stored with it, so a commit lost with the power is simply computed again. A session that sits in a transaction for
 * 30 s (a consumer that hangs) is ended, which frees the position it holds for its successor.
 */
export function createPostgresPool(options: PostgresPoolOptions): pg.Pool {
  const planning = options.plansOnce ? ' -c plan_cache_mode=force_generic_plan' : '';
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    ...(options.staysConnected && { idleTimeoutMillis: 0, keepAlive: true }),
    application_name: options.applicationName,
    idle_in_transaction_session_timeout: 30_000,
    ...(options.answersWithinMs !== undefined && {
      query_timeout: options.answersWithinMs,
      connectionTimeoutMillis: options.answersWithinMs,
    }),
    options: `-c synchronous_commit=off -c timezone=UTC -c jit=off${planning}`,
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        oid === bigintOid && format !== 'binary'
          ? parseBigint
          : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
    },
  });
  pool.on('error', options.onError);
  const { rewrite, onServerProcess } = options;
  if (rewrite) pool.on('connect', (client) => rewriteStatements(client, rewrite));
  if (onServerProcess) {
    pool.on('connect', (client) => {
      const { processID } = client as pg.PoolClient & { readonly processID?: number | null };
      if (typeof processID === 'number') onServerProcess(processID);
    });
  }
  return pool;
}

function rewriteStatements(client: pg.PoolClient, rewrite: (text: string) => string): void {
  const query = client.query.bind(client) as (...parameters: readonly unknown[]) => unknown;
  const rewritten = (statement: unknown, ...others: readonly unknown[]): unknown => {
    if (typeof statement === 'string') return query(rewrite(statement), ...others);
    const { text, ...config } = statement as pg.QueryConfig;
    return query({ ...config, text: rewrite(text) }, ...others);
  };
  Object.assign(client, { query: rewritten });
}
