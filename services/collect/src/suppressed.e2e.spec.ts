import { SuppressionList } from '@rapport/event-log';
import { CollectFixture } from './testing/collect-fixture.js';

describe('what is on the suppression list', () => {
  let collect: CollectFixture;
  let now = Date.UTC(2026, 0, 1);
  let list: SuppressionList;

  beforeAll(async () => {
    collect = await CollectFixture.start({ clock: () => now });
    list = new SuppressionList(collect.platform);
    const suppress = (type: string, value: string, scope: 'imports' | 'everything') =>
      list.add('default', { type, value }, { scope, reason: 'erased' });
    await suppress('email', 'Gone@Example.com ', 'imports');
    await suppress('phone', '+49 30 1234-5', 'imports');
    await suppress('userId', 'never', 'everything');
    await suppress('phone', '+493023125-678', 'imports');
    await suppress('external:crm', '42', 'imports');
    await suppress('anonymousId', 'seen', 'imports');
    now += 2_000;
  });
  afterAll(() => collect.stop());

  const send = async (path: string, batch: readonly object[]) =>
    (await (await collect.post(path, JSON.stringify({ batch }))).json()) as { rejected?: { reason: string }[] };
  const event = (more: object) => ({ type: 'identify', messageId: JSON.stringify(more).slice(0, 90), ...more });

  it('is not brought back by an import, and nothing of it is kept', async () => {
    const answer = await send('/v1/import', [
      event({ userId: '1', traits: { email: 'gone@example.com', name: 'Canary Gone' } }),
      event({ userId: '2', traits: { phone: '0049 30 12345' } }),
      event({ userId: '3', context: { traits: { email: 'gone@EXAMPLE.com' } } }),
      event({ userId: 'never' }),
      event({ userId: 'welcome', traits: { email: 'here@example.com' } }),
    ]);

    expect(answer.rejected?.map(({ reason }) => reason)).toEqual(Array(4).fill('suppressed'));
    expect((await collect.touchpoints()).map(({ content }) => content?.userId)).toEqual(['welcome']);
    const rejections = await collect.rejections();
    expect(rejections.map(({ reason, body, messageId }) => [reason, body, messageId])).toEqual(
      Array(4).fill(['suppressed', '', null]),
    );
  });

  it('is known again by the ids of other systems, and by a number without its country code', async () => {
    const answer = await send('/v1/import', [
      event({ userId: '5', context: { externalIds: [{ type: 'crm', id: 42 }] } }),
      event({ userId: '6', traits: { phone: '030 23125678' } }),
      event({ userId: '7', context: { externalIds: [{ type: 'shop', id: '42' }], device: { id: '42' } } }),
    ]);

    expect(answer.rejected?.map(({ reason }) => reason)).toEqual(['suppressed', 'suppressed']);
  });

  it('may come back by itself, unless nothing at all may be collected', async () => {
    const answer = await send('/v1/batch', [
      event({ anonymousId: 'x', traits: { email: 'gone@example.com' } }),
      event({ userId: 'never', traits: { a: 1 } }),
      event({ userId: 'never', anonymousId: 'seen' }),
      event({ userId: 'new', anonymousId: 'seen' }),
    ]);

    expect(answer.rejected).toEqual([
      expect.objectContaining({ index: 1, reason: 'suppressed' }),
      expect.objectContaining({ index: 2, reason: 'suppressed' }),
    ]);
  });

  it('is another matter in another workspace', async () => {
    expect(list.find('shop', [{ type: 'email', value: 'gone@example.com' }])).toBeUndefined();
    expect(list.find('default', [{ type: 'email', value: 'gone@example.com' }])).toMatchObject({ scope: 'imports' });
    expect(list.find('default', [{ type: 'userId', value: 'gone@example.com' }])).toBeUndefined();
  });

  it('is collected again once it was taken off', async () => {
    expect(await list.remove('default', { type: 'userId', value: 'never' })).toBe(true);
    expect(await list.remove('default', { type: 'userId', value: 'never' })).toBe(false);
    now += 2_000;

    expect(await send('/v1/import', [event({ userId: 'never', traits: { b: 1 } })])).toEqual({ success: true });
  });

  it('is known to a list that begins anew from the log alone', async () => {
    const another = new SuppressionList(collect.platform);
    await another.refresh();
    expect(
      another
        .of('default')
        .map(({ identifierType }) => identifierType)
        .sort(),
    ).toEqual(['anonymousId', 'email', 'external:crm', 'phone', 'phone']);
  });
});
