import { freePort, temporaryFolder } from '@rapport/testing';
import { pino } from 'pino';
import { startEmbeddedPostgres } from '../index.js';
import { describePostgres } from './postgres.contract.js';

describePostgres('PostgreSQL, the embedded server', async () => {
  const folder = temporaryFolder();
  const server = await startEmbeddedPostgres({
    folder: folder.path,
    port: await freePort(),
    user: 'rapport',
    password: 'rapport',
    database: 'rapport',
    logger: pino({ level: 'silent' }),
  });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      folder.remove();
    },
  };
});
