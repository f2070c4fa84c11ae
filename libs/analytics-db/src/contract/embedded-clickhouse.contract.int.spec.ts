import { freePort, temporaryFolder } from '@rapport/testing';
import { pino } from 'pino';
import { startEmbeddedClickHouse } from '../embedded/embedded-clickhouse.js';
import { describeClickHouse } from './clickhouse.contract.js';

describe('ClickHouse over HTTP, embedded', () => {
  describeClickHouse(async () => {
    const folder = temporaryFolder();
    const writer = { username: 'writer', password: 'wr:iter' };
    const analyst = { username: 'analyst', password: 'ana lyst' };
    const options = { database: 'rapport', writer, analyst, port: await freePort(), logger: pino({ level: 'silent' }) };
    const server = await startEmbeddedClickHouse({ ...options, folder: folder.path });
    return {
      ...options,
      url: server.url,
      async stop() {
        await server.stop();
        folder.remove();
      },
    };
  });
});
