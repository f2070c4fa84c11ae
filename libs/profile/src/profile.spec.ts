import type { JsonObject, OpenedTouchpoint, TouchpointContent } from '@rapport/events';
import {
  amountOf,
  consentChangeOf,
  evolveBy,
  figuresOf,
  initialState,
  mergeOrders,
  noOrder,
  noRules,
  orderOf,
  storableJson,
  storableLines,
  storableText,
} from './index.js';

const evolve = evolveBy(noRules);
let offset = 0;
function touchpoint(
  call: { type?: OpenedTouchpoint['type']; event?: string; at?: number } & TouchpointContent,
): OpenedTouchpoint {
  const { type = 'track', event = null, at = 0, ...content } = call;
  return {
    workspaceId: 'shop',
    sourceId: 'web',
    messageId: `m${(offset += 1)}`,
    type,
    event,
    subjectId: 's',
    keyId: 'k',
    timestamp: at,
    originalTimestamp: at,
    sentAt: null,
    receivedAt: 1_000,
    flags: [],
    imported: false,
    profileId: 'p',
    loneProfileId: 'p',
    logPartition: 0,
    logOffset: offset,
    content,
  };
}

const given = (...touchpoints: OpenedTouchpoint[]) =>
  touchpoints.reduce((state, value) => evolve(state, { name: 'profile-touchpoint', value }), initialState);

describe('the traits of a profile', () => {
  const traits = (state: ReturnType<typeof given>) =>
    Object.fromEntries(Object.entries(state.traits).map(([name, trait]) => [name, trait.value]));

  it('are the latest by event time, also when an older one comes late', () => {
    const state = given(
      touchpoint({ type: 'identify', at: 5, traits: { city: 'Graz', plan: 'free' } }),
      touchpoint({ type: 'identify', at: 3, traits: { city: 'Linz', name: 'Ada' } }),
    );
    expect(traits(state)).toEqual({ city: 'Graz', plan: 'free', name: 'Ada' });
  });

  it('are the later on the log where the event time is the same', () => {
    const state = given(
      touchpoint({ type: 'identify', traits: { city: 'Graz' } }),
      touchpoint({ type: 'identify', traits: { city: 'Linz' } }),
    );
    expect(traits(state)).toEqual({ city: 'Linz' });
  });

  it('keep null, which a sender uses to clear one', () => {
    const state = given(
      touchpoint({ type: 'identify', at: 1, traits: { city: 'Graz' } }),
      touchpoint({ type: 'identify', at: 2, traits: { city: null } }),
    );
    expect(traits(state)).toEqual({ city: null });
  });

  it('come from identify alone: the traits of a group are not the person’s', () => {
    expect(given(touchpoint({ type: 'group', groupId: 'acme', traits: { plan: 'enterprise' } })).traits).toEqual({});
  });
});

describe('what a profile has seen', () => {
  it('spans the event times and names the newest touchpoints first', () => {
    const state = given(
      ...[5, 1, 9].map((at) => touchpoint({ event: `event-${at}`, at, userId: 'ada', anonymousId: `device-${at}` })),
    );
    expect([state.firstSeenAt, state.lastSeenAt]).toEqual([1, 9]);
    expect(state.recentTouchpoints.map(({ event }) => event)).toEqual(['event-9', 'event-5', 'event-1']);
    expect(state.identifiers).toEqual({
      userId: [['ada', 9]],
      anonymousId: [
        ['device-9', 9],
        ['device-5', 5],
        ['device-1', 1],
      ],
    });
  });

  it('keeps the newest twenty of many', () => {
    const state = given(...Array.from({ length: 30 }, (_, at) => touchpoint({ at, anonymousId: `device-${at}` })));
    expect(state.recentTouchpoints.map(({ at }) => at[0])).toEqual(Array.from({ length: 20 }, (_, i) => 29 - i));
    expect(state.identifiers['anonymousId']).toHaveLength(20);
    expect(state.identifiers['anonymousId']?.[0]).toEqual(['device-29', 29]);
  });

  it('says of an erased touchpoint only that it was', () => {
    const state = given({ ...touchpoint({ type: 'identify', at: 4, traits: { name: 'Ada' } }), content: undefined });
    expect(state).toMatchObject({ firstSeenAt: 4, traits: {}, identifiers: {} });
  });
});

describe('the orders of a profile', () => {
  const completed = (properties: JsonObject, at = 0) => touchpoint({ event: 'Order Completed', at, properties });
  const refunded = (properties: JsonObject, at = 1) => touchpoint({ event: 'Order Refunded', at, properties });
  const figures = (...touchpoints: OpenedTouchpoint[]) =>
    figuresOf(touchpoints.flatMap((one) => orderOf(one)?.state ?? []).reduce(mergeOrders, noOrder), 'EUR');

  it('count total, else revenue, else value, in the currency given or the workspace’s', () => {
    expect(figures(completed({ order_id: '1', total: 10.1, revenue: 9 }))).toMatchObject({
      amount: '10.1',
      currency: 'EUR',
    });
    expect(figures(completed({ order_id: '1', revenue: '9.50', currency: 'gbp' }))).toMatchObject({
      amount: '9.5',
      currency: 'GBP',
    });
    expect(figures(completed({ order_id: '1', value: 3 }))).toMatchObject({ amount: '3' });
    expect(figures(completed({ order_id: '1' }))).toMatchObject({ amount: '0', isCompleted: true });
  });

  it('count an order sent twice once, as it was said last', () => {
    expect(figures(completed({ order_id: '1', total: 5 }, 2), completed({ order_id: '1', total: 9 }, 1))).toMatchObject(
      {
        amount: '5',
      },
    );
  });

  it('take off every part refunded, exactly', () => {
    const parts = [refunded({ order_id: '1', total: 0.1 }), refunded({ order_id: '1', total: 0.2 })];
    expect(figures(completed({ order_id: '1', total: 10 }), ...parts)).toMatchObject({ refunded: '0.3' });
  });

  it('take a refund without amount for the whole order', () => {
    const whole = figures(completed({ order_id: '1', total: 10 }), refunded({ order_id: '1' }));
    expect(whole).toMatchObject({ amount: '10', refunded: '10' });
  });

  it('know a refund whose order never came', () => {
    expect(figures(refunded({ order_id: '1', total: 7 }))).toEqual({
      isCompleted: false,
      currency: 'EUR',
      amount: '0',
      refunded: '7',
    });
  });

  it('never set off another currency', () => {
    const both = figures(
      completed({ order_id: '1', total: 10, currency: 'EUR' }),
      refunded({ order_id: '1', total: 5, currency: 'USD' }),
    );
    expect(both).toMatchObject({ currency: 'EUR', refunded: '0' });
  });

  it('give an order without id one of its own', () => {
    const [one, other] = [completed({ total: 1 }), completed({ total: 1 })].map((each) => orderOf(each)?.orderId);
    expect(one).not.toBe(other);
  });

  it('ignore other touchpoints', () => {
    expect(orderOf(touchpoint({ event: 'Product Viewed', properties: { order_id: '1', total: 1 } }))).toBeUndefined();
    expect(orderOf(touchpoint({ type: 'page', properties: { order_id: '1' } }))).toBeUndefined();
  });
});

describe('an amount', () => {
  it.each([
    [1, '1'],
    [-0, '0'],
    [19.99, '19.99'],
    ['19.99', '19.99'],
    [' 7 ', '7'],
    [0.00001, '0'],
    [1e-7, '0'],
    [1.23456, '1.2346'],
  ])('reads %j as %s', (value, amount) => expect(amountOf(value)).toBe(amount));

  it.each([
    ['1,000.00'],
    ['€5'],
    ['1e3'],
    [''],
    ['NaN'],
    [1e15],
    [Infinity],
    [NaN],
    [null],
    [true],
    [{}],
    ['9'.repeat(500)],
  ])('is not in %j', (value) => expect(amountOf(value as never)).toBeUndefined());
});

describe('what a touchpoint says about consent', () => {
  const said = (event: string, properties: JsonObject = {}) => consentChangeOf(touchpoint({ event, properties }));

  it('is what it names', () => {
    const details = { lawful_basis: 'Contract', text_version: '2026-05', expires_at: '2027-01-01T00:00:00Z' };
    expect(said('Consent Granted', { purpose: 'Marketing', channel: 'sms', ...details })).toEqual({
      purpose: 'marketing',
      channel: 'sms',
      status: 'granted',
      lawfulBasis: 'contract',
      textVersion: '2026-05',
      expiresAt: Date.UTC(2027, 0, 1),
      settles: [],
    });
  });

  it.each(['Unsubscribed', 'Email Unsubscribed', 'Email Marked as Spam'])('is no marketing mail after %s', (event) => {
    expect(said(event)).toMatchObject({ purpose: 'marketing', channel: 'email', status: 'withdrawn' });
  });

  it('is no marketing by text message after STOP', () => {
    expect(said('SMS Unsubscribed')).toMatchObject({ purpose: 'marketing', channel: 'sms', status: 'withdrawn' });
  });

  it('restricts where it is unclear', () => {
    expect(said('Consent Denied', { purpose: ' ' })).toMatchObject({
      purpose: 'all',
      channel: 'all',
      status: 'denied',
    });
    expect(said('Consent Withdrawn')).toMatchObject({ purpose: 'all', channel: 'all', status: 'withdrawn' });
    expect(said('Consent Granted', { channel: 'email' })).toBeUndefined();
  });

  it('is nothing for other events', () => {
    expect(said('Order Completed')).toBeUndefined();
    expect(said('constructor')).toBeUndefined();
  });
});

describe('what PostgreSQL is given', () => {
  it('has no NUL and no lone surrogate, in values or names', () => {
    const value = { 'a\0': ['x\0y', '\ud800', { '\udfff': 1 }] };
    expect(JSON.parse(storableJson(value))).toEqual({ 'a\ufffd': ['x\ufffdy', '\ufffd', { '\ufffd': 1 }] });
    expect(storableText('\0\ud800')).toBe('\ufffd\ufffd');
  });

  it('keeps text that only looks like an escape, and real pairs', () => {
    const value = { a: '\\u0000', b: '😀', __proto__: 1 };
    expect(JSON.parse(storableJson(value))).toEqual(value);
  });

  it('Given values with line breaks and without anything, when they become lines, then each is one', () => {
    const lines = storableLines([{ a: 'x\ny' }, undefined, null, ['\0'], 0]).split('\n');
    expect(lines.map((line) => (line === '' ? undefined : (JSON.parse(line) as unknown)))).toEqual([
      { a: 'x\ny' },
      undefined,
      undefined,
      ['\ufffd'],
      0,
    ]);
  });
});
