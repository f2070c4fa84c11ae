import { readFileSync } from 'node:fs';
import type { JsonValue } from '@rapport/events';
import { parse } from 'yaml';
import { identifiersOf, identityFaults, identityRules, type IdentityDocument } from './index.js';

const shipped = new URL('../../../deploy/definitions/identity/default.yaml', import.meta.url);
const document = parse(readFileSync(shipped, 'utf8')) as IdentityDocument;
const rules = identityRules(document);

type Content = Parameters<typeof identifiersOf>[1];
const named = (type: Parameters<typeof identifiersOf>[0]['type'], content: Content, event: string | null = null) =>
  identifiersOf({ type, event }, content, rules).map(({ type: kind, value, strength }) =>
    strength === 'declared' ? `${kind} ${value} declared` : `${kind} ${value}`,
  );

describe('the identifiers of a touchpoint', () => {
  it('lead with the userId, or else the anonymousId, or else the strongest there is', () => {
    expect(named('track', { anonymousId: 'a', userId: 'u' })).toEqual(['userId u', 'anonymousId a']);
    expect(named('identify', { anonymousId: 'a', traits: { email: 'a@b.de' } })).toEqual([
      'anonymousId a',
      'email a@b.de',
    ]);
    expect(named('identify', { userId: 'null', traits: { email: 'a@b.de' } })).toEqual(['email a@b.de']);
  });

  it('take an alias at its word for users, and its previousId also as a device', () => {
    expect(named('alias', { userId: 'u', previousId: 'p' })).toEqual([
      'userId u',
      'userId p declared',
      'anonymousId p',
    ]);
    expect(named('alias', { userId: 'u', previousId: 'u' })).toEqual(['userId u']);
    expect(named('alias', { anonymousId: 'a', previousId: 'p' })).toEqual(['anonymousId a']);
    expect(named('alias', { userId: 'u', previousId: 'undefined' })).toEqual(['userId u']);
    expect(named('track', { userId: 'u', previousId: 'p' })).toEqual(['userId u']);
  });

  it('compare e-mail addresses and phone numbers in one form', () => {
    const traits = { email: ' Ada.L@Shop.ORG ', phone: '030 1234567' };
    expect(named('identify', { userId: 'u', traits })).toEqual([
      'userId u',
      'email ada.l@shop.org',
      'phone +49301234567',
    ]);
    expect(named('identify', { userId: 'u', traits: { phone: '+1 (213) 373-4253', email: 'no address' } })).toEqual([
      'userId u',
      'phone +12133734253',
    ]);
    expect(named('identify', { userId: 'u', traits: { phone: '12', email: 7 } })).toEqual(['userId u']);
  });

  it('follow the rules for plus addresses, dots and case', () => {
    const other = identityRules({
      ...document,
      email: { local_part: 'keep', plus: 'strip', dotless_domains: ['gmail.com'] },
    });
    const of = (email: string) =>
      identifiersOf({ type: 'identify', event: null }, { userId: 'u', traits: { email } }, other)[1]?.value;
    expect([of('A.da+news@gmail.com'), of('Ada+x@shop.org'), of('+x@shop.org')]).toEqual([
      'Ada@gmail.com',
      'Ada@shop.org',
      '+x@shop.org',
    ]);
  });

  it('read external ids in Segment’s form, each system a type of its own, and no accounts', () => {
    const externalIds: JsonValue[] = [
      { id: '42', type: 'crm' },
      { id: '42', type: 'shop', collection: 'users', encoding: 'none' },
      { id: '9', type: 'crm', collection: 'accounts' },
      { id: 'x', type: 'no type at all' },
      'broken',
    ];
    expect(named('track', { userId: 'u', context: { externalIds, device: { id: 'phone-1' } } })).toEqual([
      'userId u',
      'external:crm 42',
      'external:shop 42',
      'device phone-1',
    ]);
  });

  it('are types of one’s own too, in their form, but for values that one’s own lists block', () => {
    const card = {
      type: 'card',
      limit: 1,
      normalise: 'lower-case',
      found_in: ['properties.card'],
      blocked: ['staff-*'],
    };
    const own = identityRules({
      identifiers: [...document.identifiers, card],
      blocked: [...(document.blocked ?? []), 'house account'],
    } as IdentityDocument);
    const of = (value: string) =>
      identifiersOf({ type: 'track', event: 'Store Visited' }, { userId: 'u', properties: { card: value } }, own).map(
        ({ type, value: as }) => `${type} ${as}`,
      );
    expect(of(' C-1 ')).toEqual(['userId u', 'card c-1']);
    for (const value of ['STAFF-7', 'House Account', '000', 'null']) expect(of(value)).toEqual(['userId u']);
  });

  it('look for e-mail addresses only where the rules say', () => {
    const content = { userId: 'u', properties: { email: 'a@b.de' } };
    expect(named('track', content, 'Order Completed')).toEqual(['userId u', 'email a@b.de']);
    expect(named('track', content, 'Friend Invited')).toEqual(['userId u']);
    expect(named('group', { userId: 'u', traits: { email: 'office@shop.org' } })).toEqual(['userId u']);
  });

  it.each(['', '  ', '0', '000', '-', 'null', 'NULL', 'Undefined', 'anonymous', 'guest', 'NaN', '[object Object]'])(
    'leave out %j, which many senders use for nobody',
    (value) => {
      expect(named('track', { userId: value })).toEqual([]);
      expect(named('track', { userId: value, anonymousId: 'a' })).toEqual(['anonymousId a']);
      expect(named('alias', { userId: 'u', previousId: value })).toEqual(['userId u']);
    },
  );

  it.each(['test@shop.org', 'someone@test.com', 'noreply@shop.org', 'x@mail.invalid', 'asdf@asdf.com'])(
    'leave out the mailbox %s, which is nobody’s',
    (email) => expect(named('identify', { userId: 'u', traits: { email } })).toEqual(['userId u']),
  );

  it('leave out the nil UUID, and values too long to be one', () => {
    expect(named('track', { userId: '00000000-0000-0000-0000-000000000000' })).toEqual([]);
    expect(named('track', { userId: 'x'.repeat(600) })).toEqual([]);
    expect(named('track', { userId: '10' })).toEqual(['userId 10']);
  });
});

describe('the rules', () => {
  it('that are shipped have no fault', () => expect(identityFaults(document)).toEqual([]));

  it('say where a type is missing, repeated or a word of theirs', () => {
    const identifiers = ['userId', 'userId', 'declared'].map((type) => ({ type, limit: 1 }));
    expect(identityFaults({ identifiers }).map(({ path }) => path.join('.'))).toEqual([
      'identifiers.1.type',
      'identifiers',
      'identifiers.2.type',
    ]);
  });
});
