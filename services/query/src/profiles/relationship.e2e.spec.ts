import { analyzeConsumer } from '@rapport/service-analyze';
import { profileConsumer } from '@rapport/service-profile';
import { resolveConsumer } from '@rapport/service-resolve';
import { appendTouchpoints, startServing, startTestPlatform, type Serving, type TestPlatform } from '@rapport/testing';
import { QueryModule } from '../index.js';

const day = 86_400_000;

let test: TestPlatform;
let serving: Serving;
let now: number;

beforeAll(async () => {
  test = await startTestPlatform();
  const { platform } = test;
  await test.startClickHouse();
  const consumers = [resolveConsumer(platform), await profileConsumer(platform), await analyzeConsumer(platform)];
  serving = await startServing(platform, [QueryModule], consumers);
  now = platform.clock();
  await collect();
});
afterAll(async () => {
  await serving.stop();
  await test.stop();
});

const get = (at: string) => serving.ask<Record<string, unknown>>(at);

/** A year of a customer. */
async function collect(): Promise<void> {
  const ago = (days: number) => ({ timestamp: now - days * day, receivedAt: now - days * day });
  const ada = (days: number, event: string, properties = {}) => ({ ...ago(days), userId: 'ada', event, properties });
  const anonymous = { anonymousId: 'laptop', type: 'page' as const };
  const campaign = { campaign: { source: 'newsletter', medium: 'email', name: 'spring' } };
  await appendTouchpoints(test.platform, [
    { ...ago(100), ...anonymous, context: campaign, messageId: 'first' },
    {
      ...ago(99),
      ...anonymous,
      userId: 'ada',
      type: 'identify',
      traits: { email: 'ada@shop.example', birthday: '1990-12-10', plan: 'pro' },
    },
    ada(98, 'Product Viewed', { product_id: 'p1', name: 'Mug', category: 'kitchen' }),
    ada(97, 'Product Added', { product_id: 'p2', name: 'Beans', category: 'coffee' }),
    ada(96, 'Order Completed', { order_id: 'o1', total: 30, products: [{ product_id: 'p2', category: 'coffee' }] }),
    ada(50, 'Order Completed', { order_id: 'o2', total: 20 }),
    ada(20, 'Order Completed', { order_id: 'o3', total: 10 }),
    ada(19, 'Support Ticket Opened', { ticket_id: 't1', subject: 'Broken mug' }),
    ada(18, 'Support Ticket Opened', { ticket_id: 't2', subject: 'Late' }),
    ada(17, 'Support Ticket Solved', { ticket_id: 't1' }),
    ada(16, 'Survey Responded', { survey: 'nps', score: 9 }),
    ada(15, 'Review Submitted', { rating: 4 }),
    ada(14, 'Product Reviewed', { product_id: 'p2', rating: 5 }),
    ada(13, 'Subscription Started', {
      subscription_id: 's1',
      plan: 'beans',
      renews_at: new Date(now + 17 * day).toISOString(),
    }),
    ada(12, 'Email Link Clicked'),
    ada(11, 'Owner Assigned', { owner_id: 'grace', owner_name: 'Grace' }),
    ada(10, 'Question Asked', { question_id: 'name' }),
    { ...ago(9), userId: 'ada', type: 'group', groupId: 'acme', traits: { name: 'Acme' } },
    { ...ago(9), userId: 'bob', type: 'group', groupId: 'acme', traits: { employees: 40 } },
    { ...ago(9), userId: 'eve', workspaceId: 'other', type: 'group', groupId: 'acme', traits: { name: 'Evil' } },
  ]);
  await serving.caughtUp();
}

describe('what a business should know of a person before it speaks', () => {
  it('stands in the profile', async () => {
    const { body } = await get('/v1/profiles/ada');
    expect(body).toMatchObject({
      traitOrigins: { plan: { source: 'web', origin: 'first-party' } },
      computedTraits: { average_review: '4.5', converted_referrals: 0, support_tickets_90_days: 2 },
      lifecycle: { stage: 'loyal', because: expect.stringContaining('three orders') },
      orders: { count: 3, byCurrency: [{ currency: 'EUR', averageOrder: '20.0000' }] },
      relationship: {
        acquisition: { source: 'newsletter', medium: 'email', campaign: 'spring' },
        interests: [
          { category: 'coffee', weight: 8 },
          { category: 'kitchen', weight: 1 },
        ],
        recentProducts: [{ productId: 'p2' }, { productId: 'p1', name: 'Mug' }],
        recentPurchases: [{ orderId: 'o3', amount: '10' }, { orderId: 'o2' }, { orderId: 'o1' }],
        openTickets: [{ ticketId: 't2', subject: 'Late' }],
        lastFeedback: [
          { kind: 'nps', score: 9 },
          { kind: 'review', score: 5 },
        ],
        subscriptions: [{ subscriptionId: 's1', status: 'active', plan: 'beans', renewsAt: expect.any(String) }],
        preferredChannel: 'email',
        preferredHour: new Date(now).getUTCHours(),
        owner: { ownerId: 'grace', ownerName: 'Grace' },
        accounts: ['acme'],
        questions: {
          next: { id: 'heard-about-us', lastAskedAt: null },
          open: [
            { id: 'name', lastAskedAt: new Date(now - 10 * day).toISOString() },
            { id: 'heard-about-us', lastAskedAt: null },
          ],
          unknownTraits: ['heard_about_us', 'name'],
        },
      },
    });
    const { lifecycle, relationship } = body as {
      lifecycle: { history: { stage: string }[] };
      relationship: { importantDates: { id: string }[] };
    };
    expect(lifecycle.history.map(({ stage }) => stage)).toEqual([
      ...['anonymous', 'lead', 'prospect', 'new-customer', 'active', 'loyal'],
    ]);
    expect(relationship.importantDates.map(({ id }) => id).sort()).toEqual(['birthday', 'customer-anniversary']);
  });

  it('says what to ask next, alone too', async () => {
    expect((await get('/v1/profiles/laptop/next-question')).body).toMatchObject({ next: { id: 'heard-about-us' } });
  });

  it('is found by any identifier', async () => {
    for (const address of ['ada@shop.example?type=email', 'laptop?type=anonymousId', 'ADA@shop.example']) {
      expect((await get(`/v1/profiles/${address}`)).body).toMatchObject({ traits: { plan: 'pro' } });
    }
  });
});

describe('an account', () => {
  it('has traits of its own and members, a page at a time, of its workspace only', async () => {
    const first = await get('/v1/accounts/acme?limit=1');
    expect(first.body).toMatchObject({ accountId: 'acme', traits: { name: 'Acme', employees: 40 }, memberCount: 2 });
    const { items, nextCursor } = first.body['members'] as { items: unknown[]; nextCursor: string };
    const second = await get(`/v1/accounts/acme?limit=1&cursor=${nextCursor}`);
    const { items: others, nextCursor: end } = second.body['members'] as { items: unknown[]; nextCursor: null };
    expect([items.length, others.length, end]).toEqual([1, 1, null]);
    expect(others).not.toEqual(items);
  });

  it.each(['/v1/accounts/nobody', '/v1/accounts/Acme'])('is not there: %s', async (at) => {
    expect((await get(at)).status).toBe(404);
  });
});

describe('a search', () => {
  it.each([
    ['trait=plan&value=PRO', 1],
    ['trait=email&value=ada@shop.example', 1],
    ['trait=plan&value=free', 0],
    ['stage=loyal', 1],
    ['stage=lead', 1],
    ['computedTrait=converted_referrals&value=1', 0],
  ])('by %s finds %i', async (query, count) => {
    const { status, body } = await get(`/v1/profiles?${query}`);
    expect([status, (body['items'] as unknown[]).length, body['nextCursor']]).toEqual([200, count, null]);
  });

  it.each([
    '',
    'trait=plan',
    'trait=birthday&value=x',
    'trait=plan&value=pro&stage=loyal',
    'stage=loyl',
    'stage=loyal&cursor=x',
    'stage=loyal&limit=1000',
  ])('refuses %j', async (query) => {
    expect((await get(`/v1/profiles?${query}`)).status).toBe(400);
  });
});

describe('a timeline', () => {
  const events = ({ items }: Record<string, unknown>) =>
    (items as { event: string | null; type: string }[]).map(({ event, type }) => event ?? type);

  it('goes from the newest to the oldest, a page at a time, and misses nothing', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 10; pages += 1) {
      const { body } = await get(`/v1/profiles/ada/timeline?limit=5${cursor && `&cursor=${cursor}`}`);
      seen.push(...events(body));
      cursor = body['nextCursor'] as string | null;
    }
    expect(seen).toEqual(events((await get('/v1/profiles/ada/timeline?limit=200')).body));
    expect([seen.length, seen[0], seen.at(-1)]).toEqual([18, 'group', 'page']);
  });

  it('can be of some types, some events and some time', async () => {
    const from = new Date(now - 50 * day).toISOString();
    const to = new Date(now - 20 * day).toISOString();
    expect(events((await get(`/v1/profiles/ada/timeline?event=Order Completed&from=${from}&to=${to}`)).body)).toEqual([
      'Order Completed',
    ]);
    expect(events((await get('/v1/profiles/ada/timeline?touchpointType=page&touchpointType=identify')).body)).toEqual([
      'identify',
      'page',
    ]);
    const { body } = await get('/v1/profiles/ada/timeline?event=Owner%20Assigned&content=true');
    expect(body['items']).toMatchObject([{ content: { properties: { owner_id: 'grace' } } }]);
  });

  it.each(['cursor=abc', 'from=yesterday', 'touchpointType=shoe', 'limit=0'])('refuses %s', async (query) => {
    expect((await get(`/v1/profiles/ada/timeline?${query}`)).status).toBe(400);
  });

  it('of nobody is not there', async () => {
    expect((await get('/v1/profiles/nobody/timeline')).status).toBe(404);
  });
});
