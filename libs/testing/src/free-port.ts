import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections: none of these takes one that is free for a moment. */
const [lowest, highest] = [10_000, 32_000];
const given = new Set<number>();

/** A port that nobody listens on at this moment, never the same twice in a process. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

/** Settings of a Rapport of its own: a free port for HTTP, ClickHouse and PostgreSQL each. */
export async function freePortSettings(): Promise<Record<string, string>> {
  return {
    RAPPORT_HTTP_PORT: String(await freePort()),
    RAPPORT_CLICKHOUSE_PORT: String(await freePort()),
    RAPPORT_POSTGRES_PORT: String(await freePort()),
  };
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host: '127.0.0.1', exclusive: true });
    await once(server, 'listening');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return false;
  } finally {
    server.close();
    if (server.listening) await once(server, 'close');
  }
}
