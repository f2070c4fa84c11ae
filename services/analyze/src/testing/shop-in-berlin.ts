import type { JsonObject } from '@rapport/events';
import {
  identified,
  merged,
  order,
  refund,
  shop,
  startAnalytics,
  touchpoint,
  tracked,
  type Analytics,
} from './analytics.js';

const campaign = { context: { campaign: { source: 'google', medium: 'cpc', name: 'spring' } } };
const lines: readonly JsonObject[] = [
  { product_id: 'p1', name: 'Tea', quantity: 2, price: 30, cost: 10 },
  { product_id: 'p2', name: 'Cup', price: '40', cost: 15 },
];

/**
 * Ann comes by a campaign, orders on 5 January (sent twice) and, after half past midnight on the day that summer time begins
 * in Berlin, in dollars. Bob orders as a guest on his phone on what is 1 February in Berlin, gets a part back, and is known later.
 * A guest stays a guest; an order of an erased person says nothing; another workspace is another shop.
 */
const history = [
  { ...touchpoint('ann', '2024-01-01T08:00:00Z', campaign), type: 'page' as const },
  tracked('Signed Up', 'ann', '2024-01-01T08:05:00Z'),
  identified('ann', '2024-01-01T08:06:00Z', { plan: 'free', city: 'Rome' }),
  identified('ann', '2024-02-01T08:06:00Z', { plan: 'pro', city: 'Rome' }),
  tracked('Product Viewed', 'ann', '2024-01-05T10:00:00Z'),
  tracked('Product Added', 'ann', '2024-01-05T10:10:00Z'),
  order('ann', '2024-01-05T10:20:00Z', { order_id: 'o1', total: 100, coupon: 'WELCOME', products: lines }),
  order('ann', '2024-01-05T10:20:00Z', { order_id: 'o1', total: 100, coupon: 'WELCOME', products: lines }),
  order('ann', '2024-03-30T23:30:00Z', { order_id: 'o2', total: 20, currency: 'USD' }),
  order('phone', '2024-01-31T23:30:00Z', { order_id: 'o3', total: 50 }, { userId: undefined }),
  identified('bob', '2024-02-05T10:00:00Z'),
  refund('phone', '2024-02-10T10:00:00Z', { order_id: 'o3', total: 20 }),
  tracked('Product Viewed', 'cid', '2024-03-01T10:00:00Z'),
  tracked('Payment Failed', 'cid', '2024-03-01T10:05:00Z'),
  tracked('Product Added', 'cid', '2024-03-01T10:07:00Z'),
  order('guest', '2024-01-20T10:00:00Z', { order_id: 'o4', total: 7 }, { userId: undefined }),
  { ...order('gone', '2024-01-20T10:00:00Z', { order_id: 'o5', total: 7 }), content: undefined },
  { ...order('far', '2024-01-20T10:00:00Z', { order_id: 'o1', total: 999 }), workspaceId: 'other' },
  tracked('Subscription Started', 'ann', '2024-01-10T10:00:00Z', {
    subscription_id: 's1',
    amount: 120,
    currency: 'EUR',
    interval: 'year',
  }),
  tracked('Subscription Started', 'bob', '2024-01-11T10:00:00Z', {
    subscription_id: 's2',
    amount: '20',
    currency: 'EUR',
  }),
  tracked('Subscription Payment Failed', 'ann', '2024-02-10T10:00:00Z', { subscription_id: 's1' }),
  tracked('Subscription Renewed', 'ann', '2024-02-12T10:00:00Z', { subscription_id: 's1' }),
  tracked('Subscription Cancelled', 'bob', '2024-02-20T10:00:00Z', { subscription_id: 's2', reason: 'card expired' }),
  tracked('Subscription Renewed', 'ann', '2024-03-12T10:00:00Z', { subscription_id: 's1' }),
  tracked('Support Ticket Opened', 'ann', '2024-01-02T10:00:00Z', { ticket_id: 't1', channel: 'chat' }),
  tracked('Support Ticket Solved', 'ann', '2024-01-02T11:00:00Z', { ticket_id: 't1' }),
  tracked('Support Ticket Opened', 'bob', '2024-01-03T10:00:00Z', { ticket_id: 't2' }),
  tracked('Onboarding Step Completed', 'ann', '2024-01-01T09:00:00Z', { step: 'profile' }),
  tracked('Referral Sent', 'ann', '2024-01-15T09:00:00Z', { referral_id: 'r1', channel: 'link' }),
  tracked('Referral Converted', 'bob', '2024-02-05T09:00:00Z', { referral_id: 'r1' }),
  tracked('Deal Created', 'ann', '2024-01-15T10:00:00Z', {
    deal_id: 'd1',
    amount: 500,
    currency: 'EUR',
    stage: 'open',
  }),
  tracked('Deal Won', 'ann', '2024-01-25T10:00:00Z', { deal_id: 'd1' }),
  {
    ...touchpoint('ann', '2024-01-03T10:00:00Z', { groupId: 'acme', traits: { name: 'Acme', employees: 12 } }),
    type: 'group' as const,
  },
];

/** The analytics tables with one small shop in Berlin, a rate for its dollars and what it spent on advertising. */
export async function startShopInBerlin(): Promise<Analytics> {
  const analytics = await startAnalytics();
  await analytics.given({
    workspaces: [shop({ timeZone: 'Europe/Berlin' }), shop({ id: 'other' })],
    touchpoints: history,
    events: [merged(1, 'bob', ['phone'])],
  });
  await analytics.command(
    `INSERT INTO loaded_exchange_rates VALUES ('default', 'USD', '2024-01-01', 'EUR', 0.5, '2024-07-01 00:00:00'), ('default', 'USD', '2024-06-01', 'EUR', 0.9, '2024-07-01 00:00:00')`,
  );
  await analytics.command(
    `INSERT INTO loaded_costs VALUES ('default', 'acquisition', '2024-01-01', '2024-01-31', 'google', 'cpc', '', '', 55, 'EUR', '2024-07-01 00:00:00')`,
  );
  return analytics;
}
