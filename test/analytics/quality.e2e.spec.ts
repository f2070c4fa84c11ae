import { QueryModule, type QualityDto } from '@rapport/service-query';
import { resolveConsumer } from '@rapport/service-resolve';
import {
  appendTouchpoints,
  eventually,
  startServing,
  startTestPlatform,
  type Serving,
  type TestPlatform,
} from '@rapport/testing';
import { startAnalytics, track, type Analytics } from './analytics.js';

let analytics: Analytics;
let test: TestPlatform;
let serving: Serving;

beforeAll(async () => {
  analytics = await startAnalytics();
  const url = new URL(analytics.clickhouse.url);
  Object.assign(url, { username: 'writer', password: 'writer' });
  test = await startTestPlatform({ environment: { RAPPORT_CLICKHOUSE_URL: url.href } });
  serving = await startServing(test.platform, [QueryModule], [resolveConsumer(test.platform)]);
});
afterAll(async () => {
  await serving.stop();
  await test.stop();
  await analytics.stop();
});

async function quality(): Promise<QualityDto> {
  const headers = { authorization: `Bearer ${test.config.secrets.apiKey}` };
  const response = await fetch(`${serving.url}/v1/quality`, { headers });
  if (!response.ok) throw new Error(`answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as QualityDto;
}

describe('GET /v1/quality', () => {
  it('is empty where nothing was sent', async () => {
    expect(await quality()).toEqual({ sources: [], violations: [], refusals: [], incomplete: [], unusedTraits: [] });
  });

  it('joins what both stores know, and names traits that no definition uses', async () => {
    const { content, ...rest } = track('ada', '2024-01-05T12:00:00Z', 'Order Completed', { order_id: 'o-1' });
    const identify = { ...rest, type: 'identify' as const, event: null, messageId: 'i-1' };
    const traits = { email: 'ada@example.com', favourite_colour: 'blue' };
    await analytics.touchpoints([
      { ...rest, content, flags: ['violation:total:type'] },
      { ...identify, content: { userId: 'ada', traits } },
    ]);
    const sourceId = rest.sourceId;
    const sent = { userId: 'ada', type: 'identify' as const, messageId: 'same', sourceId };
    await appendTouchpoints(test.platform, [sent, sent]);
    const at = { received_at: '2024-01-05 12:00:00.000', log_partition: 0 };
    const refused = {
      ...at,
      workspace_id: 'default',
      source_id: sourceId,
      reason: 'plan-violation',
      detail: 'order_id is missing',
    };
    await analytics.insert('rejected_touchpoints', [
      { ...refused, rejection_id: 'r-1', message_id: 'm-1', log_offset: 1 },
      { ...refused, rejection_id: 'r-2', message_id: 'm-2', log_offset: 2 },
      { ...refused, rejection_id: 'r-3', message_id: 'm-3', log_offset: 3, workspace_id: 'shop' },
    ]);
    const found = await eventually(async () => {
      const now = await quality();
      expect(now.sources[0]?.duplicateRate).toBe(0.5);
      return now;
    });
    expect(found.sources).toMatchObject([{ source: sourceId, touchpoints: 2, rejected: 2, violationRate: 0.5 }]);
    expect(found.violations).toMatchObject([{ event: 'Order Completed', rule: 'total:type', touchpoints: 1 }]);
    expect(found.refusals).toEqual([
      {
        ...{ source: sourceId, reason: 'plan-violation', detail: 'order_id is missing', touchpoints: 2 },
        lastReceivedAt: '2024-01-05T12:00:00.000Z',
      },
    ]);
    expect(found.unusedTraits).toMatchObject([{ trait: 'favourite_colour', profiles: 1 }]);
  });
});
