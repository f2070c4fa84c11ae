import type { JsonObject } from '@rapport/events';
import type { Analytics } from '../analytics/analytics.js';

const shop = { workspace_id: 'default' };
const loaded = { ...shop, loaded_at: '2024-06-01 00:00:00.000' };
let offset = 0;
const logged = (at: string): JsonObject => ({ appended_at: at, log_partition: 0, log_offset: (offset += 1) });

/** What is not in touchpoints: what Rapport decided of the people of the small shop, and what its definitions declare. */
export async function insertSmallShopTables(analytics: Analytics): Promise<void> {
  for (const [table, rows] of Object.entries({ ...decided(), ...sent(), ...declared() })) {
    await analytics.insert(table, rows);
  }
  await analytics.merge('ann', 'ann-phone');
}

function decided(): Readonly<Record<string, readonly JsonObject[]>> {
  const at = '2024-02-10 18:00:01.000';
  const person = { ...shop, profile_id: 'ann' };
  const cause = { cause_id: 'message-1', imported: false };
  const link = { ...shop, profile_id: 'ann', identifier_type: 'email', timestamp: at, message_id: 'message-1' };
  return {
    memberships: [
      {
        ...person,
        ...cause,
        segment_id: 'repeat-buyers',
        change: 'entered',
        timestamp: at,
        decided_at: at,
        ...logged(at),
      },
    ],
    scores: [
      {
        ...person,
        score_id: 'rfm',
        value: 545,
        components: { recency: 5, frequency: 4, monetary: 5 },
        computed_at: at,
        cause_id: 'message-1',
        ...logged(at),
      },
    ],
    journeys: [
      {
        ...person,
        journey_id: 'welcome',
        journey_version: 1,
        instance_id: 'i1',
        kind: 'entered',
        step_id: '',
        reason: '',
        due_at: null,
        timestamp: at,
        cause_id: 'message-1',
        ...logged(at),
      },
    ],
    lifecycle_changes: [
      {
        ...person,
        ...cause,
        from_stage: '',
        to_stage: 'new-customer',
        reason: 'ordered for the first time',
        timestamp: '2024-01-05 10:05:00.000',
        decided_at: at,
        ...logged(at),
      },
      {
        ...person,
        ...cause,
        from_stage: 'new-customer',
        to_stage: 'repeat-customer',
        reason: 'ordered again',
        timestamp: at,
        decided_at: at,
        ...logged(at),
      },
    ],
    consents: [
      {
        ...person,
        lone_profile_id: 'ann',
        purpose: 'marketing',
        channel: 'email',
        status: 'granted',
        lawful_basis: 'consent',
        source_id: 'web',
        text_version: '2024-01',
        expires_at: null,
        received_at: at,
        settles: [],
        timestamp: at,
        message_id: 'message-1',
        ...logged(at),
      },
    ],
    preferences: [
      {
        ...person,
        lone_profile_id: 'ann',
        name: 'frequency',
        value: 'weekly',
        source_id: 'web',
        timestamp: at,
        received_at: at,
        message_id: 'message-1',
        settles: [],
        ...logged(at),
      },
    ],
    identifiers: [{ ...link, identifier_hash: 'a1b2', ...logged(at) }],
    refused_links: [{ ...link, identifier_hash: 'c3d4', reason: 'too-many-identifiers', ...logged(at) }],
    rejected_touchpoints: [
      {
        ...shop,
        source_id: 'web',
        rejection_id: 'x1',
        message_id: '',
        reason: 'missing-identifier',
        detail: 'userId or anonymousId is missing',
        received_at: at,
        log_partition: 0,
        log_offset: 1,
      },
    ],
    timers: [
      {
        ...person,
        owner: 'segment',
        timer_id: 't1',
        purpose: 'segment/repeat-buyers',
        due_at: at,
        fired_at: at,
        ...logged(at),
      },
    ],
  };
}

function sent(): Readonly<Record<string, readonly JsonObject[]>> {
  const at = '2024-02-11 10:00:00.000';
  const about = {
    ...shop,
    profile_id: 'ann',
    delivery_id: 'd1',
    channel: 'email',
    journey_id: 'welcome',
    instance_id: 'i1',
    step_id: 'thanks',
  };
  return {
    delivery_requests: [{ ...about, template_id: 'thank-you', requested_at: at, ...logged(at) }],
    deliveries: [{ ...about, status: 'sent', reason: '', timestamp: at, ...logged(at) }],
    message_templates: [
      { template_id: 'thank-you', name: 'Thank you', channel: 'email', type: 'value-adding', loaded_at: at },
    ],
  };
}

function declared(): Readonly<Record<string, readonly JsonObject[]>> {
  const cost = { ...loaded, medium: '', campaign: '', product_id: '', source: '', currency: 'EUR' };
  return {
    loaded_exchange_rates: [{ ...loaded, currency: 'USD', valid_from: '2024-01-01', to_currency: 'EUR', rate: '0.9' }],
    loaded_costs: [
      {
        ...cost,
        kind: 'acquisition',
        valid_from: '2024-01-01',
        valid_to: '2024-01-31',
        source: 'google',
        medium: 'cpc',
        amount: '4',
      },
      { ...cost, kind: 'product', valid_from: '2024-01-01', valid_to: '2299-12-31', product_id: 'mug', amount: '5' },
      { ...cost, kind: 'product', valid_from: '2024-01-01', valid_to: '2299-12-31', product_id: 'tea', amount: '2' },
    ],
  };
}
