import { whyNoContainers } from '@rapport/testing';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { describePostgres } from './postgres.contract.js';

const image = 'postgres:18';
const reason = await whyNoContainers();

if (reason === undefined) {
  describePostgres('PostgreSQL, a server in a container', async () => {
    const container = await new PostgreSqlContainer(image).start();
    return { url: container.getConnectionUri(), stop: async () => void (await container.stop()) };
  });
} else {
  it.skip(`PostgreSQL, a server in a container: ${reason}.`, () => undefined);
}
