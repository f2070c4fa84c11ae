import { fileURLToPath } from 'node:url';
import type { OpenedTouchpoint } from '@rapport/events';
import { startTestClickHouse, type TestClickHouse } from '@rapport/testing';
import { clearAnalytics } from './analyze.consumer.js';
import { canonicalTable } from './canonical-analytics.js';
import { storeTouchpoints } from './store-touchpoints.js';

describe('the canonical form of a table', () => {
  let clickhouse: TestClickHouse;
  beforeAll(async () => {
    clickhouse = await startTestClickHouse(fileURLToPath(new URL('../../../schemas', import.meta.url)));
  });
  afterAll(() => clickhouse.stop());

  it('is the same however touchpoints came: one by one, or together the other way round', async () => {
    // Given the pages of one person, on days of different months
    const pages = [3, 1, 4, 1, 5].map((month, index) => page(Date.UTC(2024, month, 1 + index, 12), index));
    // When they come one by one, and once more together
    for (const each of pages) await storeTouchpoints(clickhouse.client, [each], `alone-${each.messageId}`);
    const alone = await linesOf('profile_activity');
    await clearAnalytics({ clickhouse: clickhouse.client });
    await storeTouchpoints(clickhouse.client, pages.toReversed(), 'together');
    // Then nobody can tell
    expect(alone).toHaveLength(1);
    expect(await linesOf('profile_activity')).toEqual(alone);
    const { touches, active_moments } = JSON.parse(alone[0]!) as Record<string, unknown[]>;
    expect([touches, active_moments].map((set) => set?.length)).toEqual([5, 4]);
  });

  const linesOf = async (table: string): Promise<string[]> => {
    const connected = { client: clickhouse.client, database: 'rapport' };
    return (await Array.fromAsync(canonicalTable(connected, table).lines())).flat();
  };
});

function page(timestamp: number, logOffset: number): OpenedTouchpoint {
  return {
    ...{ workspaceId: 'default', sourceId: 'web', messageId: `m${logOffset}`, type: 'page', event: null },
    ...{ subjectId: 'subject', keyId: 'key', timestamp, originalTimestamp: timestamp, sentAt: null },
    ...{ receivedAt: Date.UTC(2024, 6, 1), flags: [], imported: true, profileId: 'ann', loneProfileId: 'ann' },
    ...{ logPartition: 0, logOffset, content: { userId: 'ann' } },
  };
}
