import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { formsOf, identityRules, plainIdentifiersIn, type IdentityDocument } from './index.js';

const shipped = new URL('../../../deploy/definitions/identity/default.yaml', import.meta.url);
const document = parse(readFileSync(shipped, 'utf8')) as IdentityDocument;
const card = { type: 'card', limit: 1, found_in: ['properties.card'] };
const rules = identityRules({ ...document, identifiers: [...document.identifiers, card] });
const found = (content: Parameters<typeof plainIdentifiersIn>[1]) =>
  plainIdentifiersIn({ type: 'track', event: 'Store Visited' }, content, rules).map(
    ({ type, value }) => `${type} ${value}`,
  );

describe('the plain identifiers of a touchpoint', () => {
  it('stand there as they were sent and as the rules compare them', () => {
    expect(found({ userId: 'u', properties: { email: ' Ada@Example.com', phone: '030 23125678' } })).toEqual([
      'userId u',
      'email  Ada@Example.com',
      'email ada@example.com',
      'phone 030 23125678',
      'phone +493023125678',
    ]);
  });

  it('are ids of other systems and types of one’s own too, and no device', () => {
    const context = { externalIds: [{ type: 'crm', id: 42 }], device: { id: 'tablet' } };
    expect(found({ anonymousId: 'a', properties: { card: 'C-1' }, context })).toEqual([
      'anonymousId a',
      'external:crm 42',
      'card C-1',
    ]);
  });

  it('keep what nobody is known by today as it was sent', () => {
    expect(found({ userId: 'null', properties: { phone: '12' } })).toEqual(['userId null', 'phone 12']);
    expect(formsOf({ type: 'shoe', value: '42' }, rules)).toEqual([{ type: 'shoe', value: '42' }]);
  });
});
