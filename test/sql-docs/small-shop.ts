import type { OpenedTouchpoint } from '@rapport/events';
import { page, touchpoint, track } from '../analytics/analytics.js';

/** A few people and a guest: what the examples of docs/sql/reference.md are asked of. Small enough to check by hand. */
export function smallShop(): OpenedTouchpoint[] {
  const mug = { product_id: 'mug', name: 'Mug', category: 'Kitchen', price: 12.5 };
  const tea = { product_id: 'tea', name: 'Tea', category: 'Food', price: 5 };
  const guest = track('guest', '2024-03-05T09:00:00Z', 'Order Completed', {
    order_id: 'o5',
    total: 5,
    currency: 'EUR',
  });
  return [
    page('ann', '2024-01-05T10:00:00Z', { source: 'newsletter', medium: 'email', name: 'new-year' }, { path: '/' }),
    touchpoint('ann', '2024-01-05T10:01:00Z', { type: 'identify', traits: { country: 'DE', plan: 'basic' } }),
    order('ann', '2024-01-05T10:05:00Z', 'o1', 30, [
      { ...mug, quantity: 2 },
      { ...tea, quantity: 1 },
    ]),
    order('ann', '2024-02-10T18:00:00Z', 'o2', 12.5, [{ ...mug, quantity: 1 }]),
    track('ann', '2024-02-12T08:00:00Z', 'Order Refunded', { order_id: 'o2', total: 12.5, currency: 'EUR' }),
    page('bob', '2024-01-20T12:00:00Z', { source: 'google', medium: 'cpc' }, { path: '/mugs' }),
    order('bob', '2024-01-20T12:10:00Z', 'o3', 5, [{ ...tea, quantity: 1 }]),
    order('cleo', '2024-03-01T07:00:00Z', 'o4', 25, [{ ...mug, quantity: 2 }]),
    { ...guest, content: { ...guest.content, userId: undefined, anonymousId: 'guest' } },
    track('bob', '2024-02-01T00:00:00Z', 'Subscription Started', {
      subscription_id: 's1',
      plan: 'tea-club',
      amount: 10,
      currency: 'EUR',
    }),
    track('bob', '2024-05-01T00:00:00Z', 'Subscription Cancelled', {
      subscription_id: 's1',
      reason: 'Too expensive',
      voluntary: true,
    }),
    track('ann', '2024-01-20T09:00:00Z', 'Review Submitted', { review_id: 'r1', order_id: 'o1', rating: 5 }),
    track('bob', '2024-01-25T09:00:00Z', 'Survey Responded', {
      survey_id: 'nps',
      survey_type: 'nps',
      response_id: 'a1',
      score: 9,
    }),
    track('bob', '2024-01-22T09:00:00Z', 'Support Ticket Opened', { ticket_id: 't1' }),
    track('bob', '2024-01-22T15:00:00Z', 'Support Ticket Solved', { ticket_id: 't1' }),
    track('ann', '2024-03-10T10:00:00Z', 'Experiment Viewed', { experiment_id: 'spring', variation_id: 'control' }),
    track('bob', '2024-03-10T11:00:00Z', 'Experiment Viewed', { experiment_id: 'spring', variation_id: 'new' }),
    ...whatElseHappened(),
  ];
}

/** One of each of what the rest of the views is about. */
function whatElseHappened(): readonly OpenedTouchpoint[] {
  const company = { groupId: 'acme', traits: { name: 'Acme', industry: 'Tea rooms', plan: 'team', employees: 12 } };
  const flawed = track('cleo', '2024-03-01T06:55:00Z', 'Product Added', { product_id: 'mug' });
  return [
    track('ann-phone', '2024-01-05T09:30:00Z', 'Product Viewed', { product_id: 'mug' }),
    track('bob', '2024-01-20T12:05:00Z', 'Product Viewed', { product_id: 'tea' }),
    // The same order again, corrected, and one given back as a whole.
    order('cleo', '2024-06-20T09:00:00Z', 'o6', 12.5, [{ product_id: 'mug', name: 'Mug', price: 12.5, quantity: 1 }]),
    order('cleo', '2024-06-20T09:05:00Z', 'o6', 25, [{ product_id: 'mug', name: 'Mug', price: 12.5, quantity: 2 }]),
    order('bob', '2024-07-01T09:00:00Z', 'o7', 5, [{ product_id: 'tea', name: 'Tea', price: 5, quantity: 1 }]),
    track('bob', '2024-07-02T09:00:00Z', 'Order Refunded', { order_id: 'o7' }),
    { ...flawed, flags: ['violation:price:required'] },
    track('cleo', '2024-03-20T10:00:00Z', 'Product Added', { product_id: 'tea' }),
    track('cleo', '2024-03-20T10:02:00Z', 'Checkout Started'),
    track('cleo', '2024-03-20T10:03:00Z', 'Payment Failed'),
    touchpoint('cleo', '2024-03-02T08:00:00Z', { type: 'group', ...company }),
    track('cleo', '2024-03-02T08:10:00Z', 'Onboarding Step Completed', { step: 'profile' }),
    track('cleo', '2024-03-02T08:00:30Z', 'Signed Up'),
    track('ann', '2024-02-20T08:00:00Z', 'Referral Sent', { referral_id: 'f1', channel: 'link' }),
    track('cleo', '2024-03-01T07:30:00Z', 'Referral Converted', { referral_id: 'f1' }),
    track('cleo', '2024-03-04T08:00:00Z', 'Deal Created', {
      deal_id: 'd1',
      name: 'Tea rooms',
      amount: 500,
      currency: 'EUR',
      stage: 'offer',
    }),
    track('cleo', '2024-04-04T08:00:00Z', 'Deal Won', { deal_id: 'd1' }),
    task('Created', '2024-03-04T08:05:00Z', 'k1', { due_at: '2024-03-08T17:00:00Z', kind: 'call' }),
    task('Completed', '2024-03-07T09:00:00Z', 'k1'),
    task('Created', '2024-04-04T08:05:00Z', 'k2', { due_at: '2024-04-30T17:00:00Z' }),
    track('bob', '2024-01-24T09:00:00Z', 'Survey Sent', { survey_id: 'nps' }),
    track('ann', '2024-02-11T12:00:00Z', 'Email Opened', { delivery_id: 'd1' }),
    track('bob', '2024-03-01T00:00:00Z', 'Subscription Renewed', { subscription_id: 's1' }),
  ];
}

/** What grace has to do for cleo. */
function task(what: 'Created' | 'Completed', at: string, id: string, properties = {}): OpenedTouchpoint {
  return track('cleo', at, `Task ${what}`, { task_id: id, owner_id: 'grace', ...properties });
}

function order(person: string, at: string, id: string, total: number, products: readonly object[]): OpenedTouchpoint {
  return track(person, at, 'Order Completed', { order_id: id, total, currency: 'EUR', products: products as never });
}
