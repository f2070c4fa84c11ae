import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { touchpointNames, type AcceptedTouchpoint, type JsonObject } from '@rapport/events';
import { temporaryFolder } from '@rapport/testing';
import { parse } from 'yaml';
import { createApplyPlan } from './apply-plan.js';
import { loadTrackingPlan } from './load-tracking-plan.js';
import type { PlanDocument, PlannedCall } from './plan-document.js';
import type { CheckPlan } from './tracking-plan.js';

const schemasDir = fileURLToPath(new URL('../../../../schemas', import.meta.url));
const definitionsDir = fileURLToPath(new URL('../../../../deploy/definitions', import.meta.url));
const documents = textsIn(schemasDir, 'tracking-plan', '.yaml').map(
  (text) => parse(text, { merge: true, maxAliasCount: 1_000 }) as PlanDocument,
);
const planned = documents.flatMap((document) => Object.entries(document.events ?? {}));
const traits = documents.flatMap(({ identify, group }) => [identify, group].filter((call) => call !== undefined));

/** docs.segment.com: Spec, semantic events. */
const segmentEvents = {
  'e-commerce': [
    ...['Products Searched', 'Product List Viewed', 'Product List Filtered', 'Promotion Viewed', 'Promotion Clicked'],
    ...['Product Clicked', 'Product Viewed', 'Product Added', 'Product Removed', 'Cart Viewed', 'Checkout Started'],
    ...['Checkout Step Viewed', 'Checkout Step Completed', 'Payment Info Entered', 'Order Completed', 'Order Updated'],
    ...['Order Refunded', 'Order Cancelled', 'Coupon Entered', 'Coupon Applied', 'Coupon Denied', 'Coupon Removed'],
    ...['Product Added to Wishlist', 'Product Removed from Wishlist', 'Wishlist Product Added to Cart'],
    ...['Product Shared', 'Cart Shared', 'Product Reviewed'],
  ],
  email: [
    ...['Email Bounced', 'Email Delivered', 'Email Link Clicked', 'Email Marked as Spam', 'Email Opened'],
    'Unsubscribed',
  ],
  business: [
    ...['Account Created', 'Account Deleted', 'Signed Up', 'Signed In', 'Signed Out', 'Invite Sent'],
    ...['Account Added User', 'Account Removed User', 'Trial Started', 'Trial Ended'],
  ],
};

function textsIn(root: string, folder: string, extension: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(extension))
    .map((name) => readFileSync(path.join(root, folder, name), 'utf8'));
}

let check: CheckPlan;
beforeAll(async () => {
  check = await loadTrackingPlan({ schemasDir, definitionsDir });
});

const track = (event: string, properties: object = {}) =>
  ({ type: 'track', event, content: { userId: 'u', properties: properties as JsonObject } }) as const;
const rules = (touchpoint: Parameters<CheckPlan>[0]): readonly string[] => check(touchpoint).map(({ rule }) => rule);

describe('the tracking plan', () => {
  it('has every event that Rapport itself reads', () => {
    const names = new Set(planned.map(([name]) => name));
    expect(Object.values(touchpointNames).filter((name) => !names.has(name))).toEqual([]);
  });

  it('has every event that a view or a definition that ships reads', () => {
    const read = [...textsIn(schemasDir, 'clickhouse', '.sql')].flatMap((sql) =>
      [...sql.matchAll(/\bevent (?:=|IN) (?:\(([^()]*)\)|('[^']*'))/g)].flatMap(([, list, one]) =>
        [...(list ?? one ?? '').matchAll(/'([A-Z][^']*)'/g)].map(([, name]) => name!),
      ),
    );
    const named = ['profile', 'segments', 'scores', 'journeys'].flatMap((folder) =>
      textsIn(definitionsDir, folder, '.yaml').flatMap((yaml) =>
        [...yaml.matchAll(/\bevent: ([A-Z].*)$/gm)].map(([, name]) => name!),
      ),
    );
    expect(read).toContain('Email Link Clicked');
    expect(named).toContain('Order Completed');
    const names = new Set(planned.map(([name]) => name));
    expect([...new Set([...read, ...named])].filter((name) => !names.has(name))).toEqual([]);
  });

  it.each(['e-commerce', 'email', 'business'] as const)('has every event of the %s specification of Segment', (of) => {
    const names = new Set(planned.map(([name]) => name));
    expect(segmentEvents[of].filter((name) => !names.has(name))).toEqual([]);
  });

  it('says of every property what it is, and marks what names a person', () => {
    const properties = [...planned.map(([, call]) => call), ...traits].flatMap(({ properties }) =>
      Object.entries(properties as Readonly<Record<string, { description?: string; pii?: boolean }>>),
    );
    expect(properties.filter(([, { description }]) => !description)).toEqual([]);
    const personal = /^(.*_)?(email|phone|(first|last)_?name|username|birthday|comment|review_body|text)$/i;
    const unmarked = properties.filter(([name, { pii }]) => personal.test(name) && pii !== true);
    expect(unmarked.map(([name]) => name)).toEqual([]);
  });

  it.each(planned)('lets its own example of %s pass', (name, { example }) => {
    expect(check(track(name, example))).toEqual([]);
  });

  it.each(planned)('refuses %s where a required property is not there, and nothing else', (name, call: PlannedCall) => {
    expect(rules(track(name))).toEqual((call.required ?? []).map((property) => `${property}:required`));
  });

  it('names the property and the rule, never a value', () => {
    const broken = { order_id: 'o-1', total: 'ada@example.com', products: [{ price: 'a lot' }, { price: true }] };
    expect(check(track('Order Completed', broken))).toEqual([
      { rule: 'total:type', detail: 'total must be number' },
      { rule: 'products.price:type', detail: 'products.price must be number' },
    ]);
  });

  it('has something to say of an event nobody planned, and nothing of pages, screens and aliases', () => {
    expect(rules(track('Something Else'))).toEqual(['unplanned']);
    for (const type of ['page', 'screen', 'alias'] as const)
      expect(check({ type, event: null, content: {} })).toEqual([]);
  });

  it('looks at the traits of identify and group calls', () => {
    const content = { userId: 'u', traits: { email: 'no address', plan: 'pro' } };
    expect(rules({ type: 'identify', event: null, content })).toEqual(['email:pattern']);
    expect(rules({ type: 'group', event: null, content: { groupId: 'g', traits: { name: 'Acme' } } })).toEqual([]);
  });

  it('names the file and the line of a plan that is none', async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder.path, 'tracking-plan'));
    const own = `id: own
name: Own
owner: me
events:
  Tasted:
    description: Somebody tasted.
    properties: { taste: { typo: string, description: What it was like } }
    example: {}
`;
    writeFileSync(path.join(folder.path, 'tracking-plan', 'own.yaml'), own);
    await expect(loadTrackingPlan({ schemasDir, definitionsDir: folder.path })).rejects.toThrow(/own\.yaml:7:.*typo/);
    folder.remove();
  });
});

describe('a source', () => {
  const accepted = (event: string, properties: object): AcceptedTouchpoint => ({
    ...track(event, properties),
    messageId: 'm',
    timestamp: 0,
    originalTimestamp: null,
    sentAt: null,
    receivedAt: 0,
    flags: ['timestamp-missing'],
    imported: false,
    identifier: { type: 'userId', value: 'u' },
  });
  const broken = accepted('Order Completed', {});
  const fine = accepted('Order Completed', { order_id: 'o-1' });
  const unplanned = accepted('Something Else', {});

  it('that allows violations gets what was sent', () => {
    const apply = createApplyPlan(check, { violations: 'allow', unplanned: 'allow' });
    expect([broken, fine, unplanned].map(apply)).toEqual([broken, fine, unplanned]);
  });

  it('that flags them keeps the event, marked', () => {
    const apply = createApplyPlan(check, { violations: 'flag', unplanned: 'flag' });
    expect(apply(fine)).toBe(fine);
    expect(apply(broken)).toEqual({ ...broken, flags: ['timestamp-missing', 'violation:order_id:required'] });
    expect(apply(unplanned)).toEqual({ ...unplanned, flags: ['timestamp-missing', 'violation:unplanned'] });
  });

  it('that rejects them refuses the event with the reason', () => {
    const apply = createApplyPlan(check, { violations: 'reject', unplanned: 'allow' });
    expect(apply(broken)).toEqual({
      reason: 'plan-violation',
      detail: 'order_id is missing (tracking plan)',
    });
    expect(apply(unplanned)).toBe(unplanned);
  });
});
