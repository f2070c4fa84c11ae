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
const documents = readdirSync(path.join(schemasDir, 'tracking-plan')).map(
  (name) => parse(readFileSync(path.join(schemasDir, 'tracking-plan', name), 'utf8'), { merge: true }) as PlanDocument,
);
const planned = documents.flatMap((document) => Object.entries(document.events ?? {}));

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
