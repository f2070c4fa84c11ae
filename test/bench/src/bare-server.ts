/**
 * The limit that the collector is measured against: the least that a durable collector must do. Fastify takes JSON, and
 * every event is appended to LMDB and synced to disk before the answer.
 */
import Fastify from 'fastify';
import { open } from 'lmdb';

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: bare-server <folder>');

const log = open<Buffer, number>({ path: folder, encoding: 'binary', overlappingSync: false, mapSize: 8 * 2 ** 30 });
let offset = 0;
const server = Fastify({ bodyLimit: 4 * 2 ** 20 });
for (const type of ['track', 'page', 'identify']) {
  server.post(`/v1/${type}`, async (request) => {
    await log.put(offset++, Buffer.from(JSON.stringify(request.body)));
    return { success: true };
  });
}
server.post<{ Body: { batch: unknown[] } }>('/v1/batch', async (request) => {
  // Appends are made durable in order, so the last one speaks for all.
  let last: Promise<boolean> | undefined;
  for (const event of request.body.batch) last = log.put(offset++, Buffer.from(JSON.stringify(event)));
  await last;
  return { success: true };
});
const url = await server.listen({ port: 0, host: '127.0.0.1' });
process.send?.({ url });
