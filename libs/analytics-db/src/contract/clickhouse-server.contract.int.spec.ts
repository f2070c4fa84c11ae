import { createClient } from '@clickhouse/client';
import { describeUnless, whyNoContainers } from '@rapport/testing';
import { ClickHouseContainer } from '@testcontainers/clickhouse';
import { describeClickHouse } from './clickhouse.contract.js';

const image = 'clickhouse/clickhouse-server:26.7';
describeUnless(await whyNoContainers())('ClickHouse over HTTP, a server in a container', () => {
  describeClickHouse(async () => {
    const writer = { username: 'writer', password: 'wr:iter' };
    const analyst = { username: 'analyst', password: 'ana lyst' };
    const container = await new ClickHouseContainer(image)
      .withDatabase('rapport')
      .withUsername(writer.username)
      .withPassword(writer.password)
      .withEnvironment({ CLICKHOUSE_DEFAULT_ACCESS_MANAGEMENT: '1', TZ: 'UTC' })
      .start();
    const url = container.getHttpUrl();
    const admin = createClient({ url, ...writer });
    await admin.command({
      query: `CREATE USER analyst IDENTIFIED BY '${analyst.password}' SETTINGS readonly = 1, max_execution_time = 60`,
    });
    await admin.command({ query: 'GRANT SELECT ON rapport.* TO analyst' });
    await admin.close();
    return { url, database: 'rapport', writer, analyst, stop: async () => void (await container.stop()) };
  });
});
