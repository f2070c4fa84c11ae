import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Another Rapport serves this data folder. */
export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError';
}

/**
 * Makes sure that one Rapport at a time serves a data folder. A listening socket is the lock, because the system closes
 * it with the process however that ends. Errors: `DataFolderInUseError`.
 */
export async function lockDataFolder(dataDir: string): Promise<{ release(): Promise<void> }> {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 24);
  const socket = path.join(tmpdir(), `rapport-${name}.sock`);
  const holder = await pidOfHolder(socket);
  if (holder !== undefined) {
    throw new DataFolderInUseError(
      `${dataDir} is served by another Rapport (process ${holder}). Stop it, or choose another folder with RAPPORT_DATA_DIR.`,
    );
  }
  rmSync(socket, { force: true });
  const server = createServer((connection) => connection.end(String(process.pid)));
  server.unref();
  server.listen(socket);
  await once(server, 'listening');
  return { release: () => close(server) };
}

async function pidOfHolder(socket: string): Promise<string | undefined> {
  const connection = createConnection(socket);
  try {
    await once(connection, 'connect');
    const chunks: Buffer[] = [];
    for await (const chunk of connection) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8') || 'unknown';
  } catch {
    return undefined;
  } finally {
    connection.destroy();
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
