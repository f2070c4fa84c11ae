import { startTestPlatform, type TestPlatform } from '@rapport/testing';
import { ApiKeys, mayDo } from './api-keys.js';

describe('keys of the API', () => {
  let test: TestPlatform;
  let now = Date.UTC(2026, 0, 1);
  let keys: ApiKeys;
  const day = 86_400_000;
  const another = () => {
    const { eventLog, codec } = test.platform;
    return new ApiKeys({ eventLog, codec, clock: () => now, installationKey: 'the-key-of-the-installation' });
  };
  const create = (more: Partial<Parameters<ApiKeys['create']>[0]> = {}) =>
    keys.create({ workspaceId: 'shop', name: 'crm', scopes: ['read-profile'], expiresAt: null, ...more });

  beforeAll(async () => {
    test = await startTestPlatform();
    keys = another();
  });
  afterAll(() => test.stop());

  it('open one workspace with what they may do, in every process', async () => {
    const { key, record } = await create({ scopes: ['read-profile', 'write'] });
    const holder = await another().holderOf(key);
    expect(holder).toEqual({ workspaceId: 'shop', apiKeyId: record.apiKeyId, scopes: ['read-profile', 'write'] });
    expect(holder && [mayDo(holder, 'write'), mayDo(holder, 'admin'), mayDo(holder, 'read-sql')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('are on the log by hash only', async () => {
    const { key } = await create();
    const secret = key.split('_')[2] ?? '';
    for (const { partition } of await test.platform.eventLog.bounds('api-keys')) {
      for await (const records of test.platform.eventLog.read({ topic: 'api-keys', partition, from: 0 })) {
        for (const { value } of records) expect(value?.includes(secret)).toBe(false);
      }
    }
  });

  it('that are wrong in any part open nothing', async () => {
    const { key } = await create();
    const [, id] = key.split('_');
    const { key: other } = await create();
    for (const wrong of [
      '',
      'rk_',
      key.slice(0, -1),
      `${key}0`,
      `rk_${id}_${other.split('_')[2]}`,
      `RK${key.slice(2)}`,
    ]) {
      expect(await keys.holderOf(wrong)).toBeUndefined();
    }
  });

  it('expire', async () => {
    const { key } = await create({ expiresAt: now + day });
    expect(await keys.holderOf(key)).toBeDefined();
    now += day;
    expect(await keys.holderOf(key)).toBeUndefined();
  });

  it('are rotated with an overlap in which both open', async () => {
    const old = await create({ scopes: ['admin'] });
    const fresh = await keys.rotate(old.record.apiKeyId, day);
    const both = () => Promise.all([keys.holderOf(old.key), keys.holderOf(fresh!.key)]);
    expect((await both()).map((holder) => holder?.scopes)).toEqual([['admin'], ['admin']]);
    now += day;
    expect((await both()).map((holder) => holder?.workspaceId)).toEqual([undefined, 'shop']);
    expect(await keys.rotate('nothing', day)).toBeUndefined();
  });

  it('are rotated for as long as they were made for', async () => {
    const { record } = await create({ expiresAt: now + 30 * day });
    now += 10 * day;
    const fresh = await keys.rotate(record.apiKeyId, day);
    expect(fresh?.record.expiresAt).toBe(now + 30 * day);
  });

  it('that are revoked open nothing, a second later everywhere', async () => {
    const { key, record } = await create();
    const elsewhere = another();
    expect(await elsewhere.holderOf(key)).toBeDefined();
    expect(await keys.revoke(record.apiKeyId)).toBe(true);
    expect(await keys.revoke(record.apiKeyId)).toBe(false);
    expect(await keys.holderOf(key)).toBeUndefined();
    now += 1_001;
    expect(await elsewhere.holderOf(key)).toBeUndefined();
    expect((await keys.list()).map(({ apiKeyId }) => apiKeyId)).not.toContain(record.apiKeyId);
  });

  it('of the installation is an administrator of the default workspace', async () => {
    expect(await keys.holderOf('the-key-of-the-installation')).toMatchObject({
      workspaceId: 'default',
      scopes: ['admin'],
    });
  });
});
