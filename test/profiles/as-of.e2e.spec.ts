import { analyzeConsumer } from '@rapport/service-analyze';
import { profileConsumer } from '@rapport/service-profile';
import { QueryModule } from '@rapport/service-query';
import { resolveConsumer } from '@rapport/service-resolve';
import {
  appendTouchpoints,
  eventually,
  startServing,
  startTestPlatform,
  type Serving,
  type TestPlatform,
} from '@rapport/testing';

let test: TestPlatform;
let serving: Serving;

const day = (date: number): number => Date.UTC(2024, 2, date, 12);
let now = day(1);

beforeAll(async () => {
  test = await startTestPlatform({ clock: () => now });
  const { platform } = test;
  await test.startClickHouse();
  const consumers = [resolveConsumer(platform), await profileConsumer(platform), await analyzeConsumer(platform)];
  serving = await startServing(platform, [QueryModule], consumers);
});
afterAll(async () => {
  await serving.stop();
  await test.stop();
});

interface View {
  readonly traits: Readonly<Record<string, unknown>>;
  readonly identifiers: Readonly<Record<string, readonly string[]>>;
  readonly orders: { readonly count: number; readonly byCurrency: readonly { readonly revenue: string }[] };
  readonly recentTouchpoints: readonly object[];
}

const profile = (identifier: string, asOf?: string) =>
  serving.ask<View>(`/v1/profiles/${identifier}${asOf === undefined ? '' : `?asOf=${asOf}`}`);

/** Appends on a day, and waits until everybody knows. */
async function on(date: number, touchpoints: Parameters<typeof appendTouchpoints>[1]): Promise<void> {
  now = day(date);
  await appendTouchpoints(
    test.platform,
    touchpoints.map((touchpoint) => ({ timestamp: now, receivedAt: now, ...touchpoint })),
  );
  await serving.caughtUp();
}

describe('a profile as of a past time', () => {
  it('is what had been received by then, and who was one person by then', async () => {
    const order = (id: string, total: number) => ({
      ...{ type: 'track' as const, event: 'Order Completed' },
      properties: { order_id: id, total, currency: 'EUR' },
    });
    await on(2, [{ anonymousId: 'laptop', ...order('o-1', 10) }]);
    await on(4, [{ userId: 'ada', type: 'identify', traits: { plan: 'free', city: 'Bonn' } }]);
    await on(6, [{ userId: 'ada', ...order('o-2', 30) }]);
    await on(8, [{ userId: 'ada', anonymousId: 'laptop', type: 'identify', traits: { plan: 'pro' } }]);
    expect((await profile('ada')).body.orders.count).toBe(2);

    expect((await profile('ada', '2024-03-03T00:00:00Z')).status).toBe(404);
    const free = (await profile('ada', '2024-03-05T00:00:00Z')).body;
    expect(free).toMatchObject({ traits: { plan: 'free', city: 'Bonn' }, orders: { count: 0 } });
    const bought = (await profile('ada', '2024-03-07T00:00:00Z')).body;
    expect(bought).toMatchObject({ traits: { plan: 'free' }, orders: { count: 1, byCurrency: [{ revenue: '30' }] } });
    expect(bought.identifiers).toEqual({ userId: ['ada'] });
    const merged = (await profile('ada', '2024-03-09T00:00:00Z')).body;
    expect(merged).toMatchObject({ traits: { plan: 'pro', city: 'Bonn' }, orders: { count: 2 } });
    expect(merged.identifiers).toMatchObject({ userId: ['ada'], anonymousId: ['laptop'] });
  });

  it('equals the profile of today when asked as of now', async () => {
    now = day(10);
    const { body: asOf } = await profile('ada', new Date(now).toISOString());
    const { body: today } = await profile('ada');
    const shown = ({ traits, identifiers, orders, recentTouchpoints }: View) => ({
      ...{ traits, identifiers, recentTouchpoints, count: orders.count },
    });
    expect(shown(asOf)).toEqual(shown(today));
  });

  it('is nothing for somebody unknown, and no guess at a time that is none', async () => {
    expect((await profile('nobody', '2024-03-07T00:00:00Z')).status).toBe(404);
    expect((await profile('ada', 'yesterday')).status).toBe(400);
  });

  it('names what was theirs then, also where it was split from them since', async () => {
    now = day(12);
    const split = await serving.ask('/v1/identities/ada/splits', { from: 'anonymousId:laptop' });
    expect(split.status).toBe(202);
    await eventually(async () => expect((await profile('ada')).body.identifiers).toEqual({ userId: ['ada'] }));
    await serving.caughtUp();
    const { body } = await profile('ada', '2024-03-09T00:00:00Z');
    expect(body.orders.count).toBe(2);
    expect(body.identifiers).toMatchObject({ userId: ['ada'], anonymousId: ['laptop'] });
  });
});
