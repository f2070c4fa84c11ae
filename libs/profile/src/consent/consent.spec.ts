import {
  consentPolicyFrom,
  frequencyOf,
  refusalOf,
  standingOf,
  type ConsentStatement,
  type PreferenceStatement,
} from '../index.js';

const day = 86_400_000;
const policy = consentPolicyFrom({
  text_version: '1',
  channels: [
    { id: 'email', name: 'Email' },
    { id: 'sms', name: 'Text message' },
  ],
  purposes: [
    {
      id: 'marketing',
      name: 'Marketing',
      description: 'm',
      basis: 'legitimate-interest',
      basis_by_channel: { sms: 'consent' },
    },
    { id: 'offers', name: 'Offers', description: 'o', part_of: 'marketing', basis: 'legitimate-interest' },
    { id: 'newsletter', name: 'News', description: 'n', part_of: 'marketing', basis: 'consent', valid_for: '10 days' },
    { id: 'orders', name: 'Orders', description: 't', basis: 'contract' },
  ],
  frequencies: [
    { id: 'all', name: 'All' },
    { id: 'weekly', name: 'Weekly', at_most: 1, within: '7 days' },
    { id: 'monthly', name: 'Monthly', at_most: 1, within: '30 days' },
  ],
});

const said = (
  status: ConsentStatement['status'],
  time: number,
  { of = 'ada', purpose = 'marketing', channel = 'email', ...more }: Partial<ConsentStatement> & { of?: string } = {},
): ConsentStatement => ({
  loneProfileId: of,
  purpose,
  channel,
  status,
  lawfulBasis: 'consent',
  textVersion: null,
  expiresAt: null,
  settles: [],
  at: [time, time, 0, time],
  ...more,
});
const wish = (name: PreferenceStatement['name'], value: string, time: number, of = 'ada', settles: string[] = []) =>
  ({ loneProfileId: of, name, value, settles, at: [time, time, 0, time] }) as const;

const email = { purpose: 'marketing', channel: 'email' };
const sms = { purpose: 'marketing', channel: 'sms' };
const standing = (statements: readonly ConsentStatement[], about = email, now = 100) =>
  standingOf(policy, statements, about, now);

describe('what a person allows', () => {
  it('is decided by the lawful basis where nobody said anything', () => {
    expect(standing([])).toMatchObject({ status: 'unknown', basis: 'legitimate-interest', isAllowed: true });
    expect(standing([], sms)).toMatchObject({ status: 'unknown', basis: 'consent', isAllowed: false });
    expect(standing([], { purpose: 'orders', channel: 'email' })).toMatchObject({ isAllowed: true });
    expect(standing([], { purpose: 'undeclared', channel: 'email' })).toMatchObject({ isAllowed: false });
  });

  it.each([
    ['withdrawn', [said('granted', 1), said('withdrawn', 2)], 'withdrawn', false],
    ['denied', [said('denied', 2)], 'denied', false],
    ['granted again', [said('granted', 3), said('withdrawn', 2)], 'granted', true],
    ['withdrawn for everything', [said('granted', 1), said('withdrawn', 2, { purpose: 'all' })], 'withdrawn', false],
    ['withdrawn on every channel', [said('withdrawn', 2, { channel: 'all' })], 'withdrawn', false],
    ['withdrawn on another channel', [said('withdrawn', 2, { channel: 'sms' })], 'unknown', true],
    ['a topic of it was withdrawn', [said('withdrawn', 2, { purpose: 'offers' })], 'unknown', true],
    ['both at one moment', [said('granted', 2), said('withdrawn', 2, { purpose: 'all' })], 'withdrawn', false],
  ] as const)('%s', (_, statements, status, isAllowed) => {
    expect(standing(statements)).toMatchObject({ status, isAllowed, conflict: [] });
  });

  it('of a topic is also what is said of the purpose it is part of; the newest speaks', () => {
    const offers = { purpose: 'offers', channel: 'email' };
    expect(standing([said('withdrawn', 2)], offers)).toMatchObject({ isAllowed: false });
    expect(standing([said('withdrawn', 2), said('granted', 3, { purpose: 'offers' })], offers).isAllowed).toBe(true);
    expect(standing([said('withdrawn', 2, { purpose: 'offers' })], offers).isAllowed).toBe(false);
  });

  it('cannot be refused where a contract asks for it', () => {
    const orders = { purpose: 'orders', channel: 'email' };
    expect(standing([said('withdrawn', 2, { purpose: 'all', channel: 'all' })], orders)).toMatchObject({
      status: 'withdrawn',
      isAllowed: true,
    });
  });

  it('ends when it expires, by the statement or by the policy', () => {
    const text = said('granted', 1, { channel: 'sms', expiresAt: 50 });
    expect(standing([text], sms, 49)).toMatchObject({ status: 'granted', isAllowed: true });
    expect(standing([text], sms, 50)).toMatchObject({ status: 'expired', isAllowed: false });
    const news = { purpose: 'newsletter', channel: 'email' };
    const agreed = [said('granted', 1, { purpose: 'newsletter' })];
    expect(standing(agreed, news, 10 * day)).toMatchObject({ status: 'granted' });
    expect(standing(agreed, news, 10 * day + 1)).toMatchObject({ status: 'expired', isAllowed: false });
  });
});

describe('profiles that are merged', () => {
  const yes = said('granted', 5, { of: 'web' });
  const no = said('withdrawn', 2, { of: 'user' });

  it('and disagree: the most restrictive counts, however old, and both are told', () => {
    expect(standing([yes, no])).toMatchObject({ status: 'withdrawn', isAllowed: false, decidedBy: no });
    expect(standing([yes, no]).conflict).toEqual(expect.arrayContaining([yes, no]));
    expect(standing([no, yes])).toMatchObject({ status: 'withdrawn', decidedBy: no });
  });

  it('agree once a later statement settles it; a split gives each their own back', () => {
    const settled = said('granted', 9, { of: 'web', settles: ['user'] });
    expect(standing([settled, no])).toMatchObject({ status: 'granted', conflict: [] });
    expect(standing([settled, said('withdrawn', 10, { of: 'user' })])).toMatchObject({ status: 'withdrawn' });
    expect(standing([no])).toMatchObject({ status: 'withdrawn' });
    expect(standing([settled])).toMatchObject({ status: 'granted' });
  });

  it('have the longer pause and the lower frequency', () => {
    const wishes = [
      wish('frequency', 'weekly', 1, 'a'),
      wish('frequency', 'monthly', 2, 'b'),
      wish('frequency', 'all', 3, 'c'),
    ];
    expect(frequencyOf(policy, wishes)?.id).toBe('monthly');
    const last = wish('frequency', 'all', 4, 'c', ['a', 'b']);
    expect(frequencyOf(policy, [wishes[0]!, wishes[1]!, last])?.id).toBe('all');
  });
});

describe('a message', () => {
  const paused = wish('paused-until', new Date(50 * day).toISOString(), 1);
  const refusal = (
    memory: Partial<Parameters<typeof refusalOf>[1]>,
    now = 40 * day,
    about: { readonly purpose: string; readonly channel: string } = email,
  ) => refusalOf(policy, { consents: [], preferences: [], sentAt: [], ...memory }, about, now);

  it('goes out where nothing speaks against it', () => {
    expect(refusal({})).toBeUndefined();
  });

  it.each([
    ['consent-withdrawn', [said('withdrawn', 1)], email],
    ['consent-denied', [said('denied', 1)], email],
    ['consent-missing', [], sms],
    ['consent-expired', [said('granted', 1, { channel: 'sms', expiresAt: 2 })], sms],
  ] as const)('is refused: %s', (reason, consents, about) => {
    expect(refusal({ consents }, undefined, about)).toBe(reason);
  });

  it('waits for the end of a pause, and a pause can be taken back', () => {
    expect(refusal({ preferences: [paused] })).toBe('paused');
    expect(refusal({ preferences: [paused] }, 50 * day)).toBeUndefined();
    expect(refusal({ preferences: [wish('paused-until', '', 2)] })).toBeUndefined();
  });

  it('is not one more than the person wished for', () => {
    const preferences = [wish('frequency', 'weekly', 1)];
    expect(refusal({ preferences, sentAt: [39 * day] })).toBe('frequency-cap');
    expect(refusal({ preferences, sentAt: [33 * day] })).toBeUndefined();
    expect(refusal({ preferences: [], sentAt: [39 * day] })).toBeUndefined();
  });

  it('that a contract asks for is neither paused nor counted', () => {
    const orders = { purpose: 'orders', channel: 'email' };
    const preferences = [paused, wish('frequency', 'weekly', 1)];
    expect(refusal({ preferences, sentAt: [39 * day] }, undefined, orders)).toBeUndefined();
  });
});
