import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { analystLimitsWith } from './analyst-limits.js';
import { Engine } from './engine.js';
import { createClickHouseHttp } from './clickhouse-http.js';
import type { FromServer, ServerStart, ToServer } from './server-messages.js';

/**
 * The child process that holds chDB. It lives as long as its parent: when the channel between them closes, however the
 * parent ended, it ends too, and the folder is free for the next start.
 */
const drainMs = 5_000;

process.once('message', (message: ToServer) => {
  if (message.kind === 'start') void start(message.start).catch(fail);
});
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Ctrl-C reaches the whole process group: the parent decides when we end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

async function start({ folder, host, port, users, database, analystMemoryBytes }: ServerStart): Promise<void> {
  const work = path.join(folder, 'work');
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true, mode: 0o700 });
  // Rows on their way in are named relative to here, so that no character of the path matters to the engine.
  process.chdir(work);
  const engine = new Engine(path.join(folder, 'data'), analystLimitsWith(analystMemoryBytes));
  await engine.createDatabase(database);
  const server = createClickHouseHttp({ engine, users, displayName: 'rapport-embedded' });
  server.on('error', fail);
  server.listen(port, host, () => send({ kind: 'ready' }));
  process.on('message', (message: ToServer) => {
    if (message.kind !== 'stop') return;
    server.close(() => {
      engine.close();
      process.exit(0);
    });
    server.closeIdleConnections();
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), drainMs).unref();
  });
}

function fail(error: unknown): void {
  const { code, message } = error as NodeJS.ErrnoException;
  send({ kind: 'failed', message, code: code ?? null });
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 100);
}

function send(message: FromServer): void {
  process.send?.(message);
}
