import { describeClickHouseAnalyst } from './clickhouse-analyst.contract.js';
import { describeClickHouseClient } from './clickhouse-client.contract.js';
import { describeClickHouseTools } from './clickhouse-tools.contract.js';
import { useOf, type ClickHouseUnderTest, type ClickHouseUse } from './clickhouse-use.js';

/** What Rapport and the tools around it expect of a ClickHouse over HTTP, embedded or a server. */
export function describeClickHouse(start: () => Promise<ClickHouseUnderTest>): void {
  const use = {} as ClickHouseUse;

  beforeAll(async () => void Object.assign(use, useOf(await start())));
  afterAll(async () => {
    await use.writer.close();
    await use.analyst.close();
    await use.server.stop();
  });
  beforeEach(async () => {
    await use.writer.command({ query: 'DROP TABLE IF EXISTS things' });
    await use.writer.command({
      query: `CREATE TABLE things (id UInt64, name String, price Nullable(Decimal(18, 4)), tags Array(String))
        ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 100`,
    });
  });

  describeClickHouseClient(use);
  describeClickHouseAnalyst(use);
  describeClickHouseTools(use);
}
