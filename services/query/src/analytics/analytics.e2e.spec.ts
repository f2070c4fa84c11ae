import type { OpenedTouchpoint } from '@rapport/events';
import { prepareAnalytics, storeTouchpoints } from '@rapport/service-analyze';
import { startServing, startTestPlatform, type Serving, type TestPlatform } from '@rapport/testing';
import { QueryModule } from '../index.js';
import type { AttributionDto } from './attribution/attribution.dto.js';
import type { ExperimentDto } from './experiments/experiment.dto.js';
import type { ScorecardDto } from './scorecard/scorecard.dto.js';

let test: TestPlatform;
let serving: Serving;
let url: string;

beforeAll(async () => {
  test = await startTestPlatform();
  await test.startClickHouse();
  await prepareAnalytics(test.platform);
  serving = await startServing(test.platform, [QueryModule]);
  url = serving.url;
  await storeTouchpoints(test.platform.clickhouse, facts(), 'facts');
});
afterAll(async () => {
  await serving.stop();
  await test.stop();
});

async function get<T>(path: string, key = test.config.secrets.apiKey): Promise<{ status: number; body: T }> {
  const response = await fetch(url + path, { headers: { authorization: `Bearer ${key}` } });
  return { status: response.status, body: (await response.json()) as T };
}

describe('the scorecard over HTTP', () => {
  it('gives the last week, month and quarter of a period, beside what each figure means', async () => {
    const { status, body } = await get<ScorecardDto>('/v1/scorecard?period=2024-02');
    expect(status).toBe(200);
    expect(body.rhythms.map(({ rhythm, period }) => [rhythm, period])).toEqual([
      ['weekly', '2024-W08'],
      ['monthly', '2024-02'],
      ['quarterly', '2024-Q1'],
    ]);
    const retention = body.rhythms[1]?.metrics.find(({ id }) => id === 'retention');
    expect(retention).toMatchObject({ value: 0.5, base: 2, previous: null, baseline: 0.5, owner: 'Head of CRM' });
    expect(retention?.history).toEqual([
      { start: '2024-01-01', value: null, base: 0 },
      { start: '2024-02-01', value: 0.5, base: 2 },
    ]);
    for (const { metrics } of body.rhythms)
      expect(metrics.every(({ action, definition }) => action && definition)).toBe(true);
    expect(body.goals.map(({ id, status: state }) => [id, state])).toEqual([['retention-up', 'no baseline']]);
  });

  it('tells what money of those days no exchange rate converts, and nothing of other days', async () => {
    const { body } = await get<ScorecardDto>('/v1/scorecard?period=2024-02');
    expect(body.unconverted).toEqual([{ currency: 'USD', orders: 1, amount: expect.stringMatching(/^30(\.0+)?$/) }]);
    expect((await get<ScorecardDto>('/v1/scorecard?period=2023-02')).body.unconverted).toEqual([]);
  });

  it('knows every metric of its definitions', async () => {
    const { body } = await get<ScorecardDto>('/v1/scorecard?period=2024-02');
    const without = body.rhythms.flatMap(({ metrics }) =>
      metrics.filter(({ history, parts }) => history.length === 0 && parts.length === 0).map(({ id }) => id),
    );
    expect(without).toEqual([]);
  });

  it.each(['November', '', '2024-13'])('says how to write a period instead of "%s"', async (period) => {
    const { status, body } = await get<{ detail: string }>(`/v1/scorecard?period=${period}`);
    expect([status, body.detail]).toEqual([400, expect.stringContaining('write a month (2010-11)')]);
  });

  it('is for those with a key', async () => {
    expect((await get('/v1/scorecard?period=2024-02', 'wrong')).status).toBe(401);
  });
});

describe('attribution over HTTP', () => {
  it('credits what brought the orders, by the definition or as asked', async () => {
    const { body } = await get<AttributionDto>('/v1/attribution/orders?period=2024-01');
    expect(body).toMatchObject({ conversions: 2, value: '30.0000', definition: { by: 'channel' } });
    expect(body.models).toHaveLength(9);
    expect(body.models[0]).toEqual({
      model: 'first',
      credits: [
        { label: '(none)', conversions: '1', value: '20.0000' },
        { label: 'paid search', conversions: '1', value: '10.0000' },
      ],
    });
    const bySource = await get<AttributionDto>('/v1/attribution/orders?period=2024-01&by=source&lookBack=1%20day');
    expect(bySource.body.models[0]?.credits.map(({ label }) => label)).toEqual(['(none)']);
    expect((await get<unknown[]>('/v1/attribution')).body).toHaveLength(2);
  });

  it('says what is wrong with a question', async () => {
    expect((await get('/v1/attribution/nothing?period=2024-01')).status).toBe(404);
    const wanted = 'period has to be given, once; write a month (2010-11), ';
    for (const asked of ['attribution/orders', 'attribution/orders?period=2024-01&period=2024-02', 'scorecard']) {
      const { status, body } = await get<{ detail: string }>(`/v1/${asked}`);
      expect([status, body.detail]).toEqual([400, expect.stringContaining(wanted)]);
    }
    expect((await get('/v1/attribution/orders?period=2024-01&lookBack=soon')).status).toBe(400);
    expect((await get('/v1/attribution/orders?period=2024-01&by=price')).status).toBe(400);
  });
});

describe('experiments over HTTP', () => {
  it('are empty before anybody was exposed', async () => {
    const { status, body } = await get<ExperimentDto>('/v1/experiments/after-first-order-holdout');
    expect(status).toBe(200);
    expect(body).toMatchObject({ people: {}, mixedPeople: 0, sampleRatio: null, comparisons: [] });
    expect((await get('/v1/experiments/nothing')).status).toBe(404);
    expect((await get<unknown[]>('/v1/experiments')).body).toHaveLength(1);
  });
});

/** Ann came by an advertisement and ordered in January and February; Bob ordered in January. */
function facts(): OpenedTouchpoint[] {
  const ads = { context: { campaign: { source: 'google', medium: 'cpc' } } };
  return [
    touchpoint('ann', '2024-01-08T10:00:00Z', 'page', null, ads),
    touchpoint('ann', '2024-01-10T10:00:00Z', 'track', 'Order Completed', {
      properties: { total: 10, currency: 'EUR' },
    }),
    touchpoint('bob', '2024-01-12T10:00:00Z', 'track', 'Order Completed', {
      properties: { total: 20, currency: 'EUR' },
    }),
    touchpoint('ann', '2024-02-10T10:00:00Z', 'track', 'Order Completed', {
      properties: { total: 10, currency: 'EUR' },
    }),
    touchpoint('cyd', '2024-02-12T10:00:00Z', 'track', 'Order Completed', {
      properties: { total: 30, currency: 'USD' },
    }),
    touchpoint('ann', '2024-02-28T10:00:00Z', 'page', null, {}),
  ];
}

let sequence = 0;

function touchpoint(
  person: string,
  at: string,
  type: 'page' | 'track',
  event: string | null,
  content: NonNullable<OpenedTouchpoint['content']>,
): OpenedTouchpoint {
  sequence += 1;
  const timestamp = Date.parse(at);
  return {
    ...{ workspaceId: 'default', sourceId: 'web', messageId: `message-${sequence}`, type, event },
    ...{ subjectId: person, keyId: '1', timestamp, originalTimestamp: timestamp, sentAt: null },
    ...{ receivedAt: timestamp, flags: [], imported: true, profileId: person, loneProfileId: person },
    ...{ logPartition: 0, logOffset: sequence, content: { userId: person, ...content } },
  };
}
