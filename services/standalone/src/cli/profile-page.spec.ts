import type { ProfileDto } from '@rapport/service-query';
import { profilePage } from './profile-page.js';

const since = '2026-03-01T10:00:00.000Z';
const unknown: ProfileDto = {
  ...{ profileId: 'p1', traits: {}, traitOrigins: {}, computedTraits: {}, lifecycle: null },
  ...{ identifiers: {}, quarantinedIdentifiers: {} },
  ...{ firstSeenAt: null, lastSeenAt: null, orders: { count: 0, byCurrency: [] } },
  ...{ consents: [], memberships: [], scores: [], recentTouchpoints: [], recentDeliveries: [] },
  relationship: {
    ...{ acquisition: null, interests: [], recentProducts: [], recentPurchases: [], openTickets: [], lastFeedback: [] },
    ...{
      subscriptions: [],
      importantDates: [],
      preferredChannel: null,
      preferredHour: null,
      owner: null,
      accounts: [],
    },
    questions: { next: null, open: [], unknownTraits: [] },
  },
};

const birthday = { id: 'birthday', text: 'When is your birthday?', trait: 'birthday', priority: 60 };

describe('a profile on the screen', () => {
  it('leaves out what is not known', () => {
    expect(profilePage({ ...unknown, firstSeenAt: since })).toBe('Profile p1\n  first seen  2026-03-01 10:00');
  });

  it('shows what is known, part by part', () => {
    const page = profilePage({
      ...unknown,
      traits: { plan: 'pro', seats: 3, coach: null, hack: '\u001b[2J' },
      traitOrigins: {
        plan: { source: 'billing', saidAt: since, origin: 'first-party' },
        seats: { source: 'enrichment', saidAt: since, origin: 'inferred' },
      },
      lifecycle: {
        stage: 'loyal',
        since,
        because: 'three orders',
        history: [{ stage: 'loyal', since, because: 'three orders' }],
      },
      relationship: {
        ...unknown.relationship,
        ...{ preferredChannel: 'email', preferredHour: 18, accounts: ['acme'] },
        openTickets: [{ ticketId: 't1', subject: 'Late', openedAt: since }],
        questions: {
          next: { ...birthday, lastAskedAt: since },
          open: [
            { ...birthday, lastAskedAt: since },
            { ...birthday, trait: 'name', lastAskedAt: null },
          ],
          unknownTraits: ['birthday', 'name'],
        },
      },
      memberships: [
        { segmentId: 'vip', isMember: true, since },
        { segmentId: 'left', isMember: false, since },
      ],
    });
    expect(page.split('\n').map((line) => line.trimEnd())).toEqual([
      'Profile p1',
      '  stage     loyal since 2026-03-01: three orders',
      '  ask next  When is your birthday?',
      '',
      'Traits',
      '  plan   pro  (billing, 2026-03-01)',
      '  seats  3  (enrichment, 2026-03-01, inferred)',
      '  coach  (cleared)',
      '  hack   \ufffd[2J',
      '',
      'Lifecycle',
      '  2026-03-01  loyal: three orders',
      '',
      'Relationship',
      '  accounts      acme',
      '  open tickets  t1 (Late)',
      '  best reached  by email around 18:00',
      '  not known     birthday (asked 2026-03-01), name',
      '',
      'Segments',
      '  vip  since 2026-03-01',
    ]);
  });
});
