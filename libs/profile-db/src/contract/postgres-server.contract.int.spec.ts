import { describeUnless, whyNoContainers } from '@rapport/testing';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { describePostgres } from './postgres.contract.js';

const image = 'postgres:18';

describeUnless(await whyNoContainers())('in a container', () => {
  describePostgres('PostgreSQL, the official image', async () => {
    const container = await new PostgreSqlContainer(image).start();
    return { url: container.getConnectionUri(), stop: async () => void (await container.stop()) };
  });
});
