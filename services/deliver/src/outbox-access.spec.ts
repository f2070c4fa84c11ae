import { outboxOf } from './outbox-access.js';

const local = { ip: '127.0.0.1', headers: { host: 'localhost:4400' } };
const keys = {
  holderOf: async (key: string) => {
    if (key === 'shop-key') return { workspaceId: 'shop', apiKeyId: '1', scopes: ['read-profile'] as const };
    return key === 'sql-key' ? { workspaceId: 'shop', apiKeyId: '2', scopes: ['read-sql'] as const } : undefined;
  },
};
const withKey = (key: string) => ({
  ip: '203.0.113.9',
  headers: { host: 'cdp.example.com', authorization: `Bearer ${key}` },
});

describe('whose messages a visitor may read', () => {
  it('are those of the workspace of the key, from anywhere', async () => {
    expect(await outboxOf(withKey('shop-key'), keys, false)).toBe('shop');
    expect(await outboxOf(withKey('other'), keys, false)).toBeUndefined();
  });

  it('are nobody’s where the key lacks the scope', async () => {
    expect(await outboxOf(withKey('sql-key'), keys, true)).toBeUndefined();
  });

  it('are those of the default workspace on the same machine, when Rapport is embedded', async () => {
    expect(await outboxOf(local, keys, true)).toBe('default');
    expect(await outboxOf({ ip: '::1', headers: { host: '[::1]:4400' } }, keys, true)).toBe('default');
    expect(await outboxOf(local, keys, false)).toBeUndefined();
  });

  it.each([
    ['another machine', { ...local, ip: '192.168.1.5' }],
    ['a proxy on this machine', { ...local, headers: { host: 'localhost', 'x-forwarded-for': '203.0.113.9' } }],
    ['a foreign host name that leads here', { ...local, headers: { host: 'rebind.example.com:4400' } }],
    ['no host name', { ...local, headers: {} }],
    ['a wrong key, even on this machine', { ...local, headers: { host: 'localhost', authorization: 'Bearer x' } }],
    ['no bearer, even on this machine', { ...local, headers: { host: 'localhost', authorization: 'Basic eDp5' } }],
  ])('are not read from %s', async (_, visitor) => {
    expect(await outboxOf(visitor, keys, true)).toBeUndefined();
  });
});
