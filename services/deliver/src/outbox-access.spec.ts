import { mayReadOutbox } from './outbox-access.js';

const local = { ip: '127.0.0.1', headers: { host: 'localhost:4400' } };

describe('who may read the outbox', () => {
  it('is whoever shows the API key, from anywhere', () => {
    const headers = { host: 'cdp.example.com', authorization: 'Bearer secret' };
    expect(mayReadOutbox({ ip: '203.0.113.9', headers }, 'secret', false)).toBe(true);
    expect(mayReadOutbox({ ip: '203.0.113.9', headers }, 'other', false)).toBe(false);
  });

  it('is somebody on the same machine when Rapport is embedded', () => {
    expect(mayReadOutbox(local, 'secret', true)).toBe(true);
    expect(mayReadOutbox({ ip: '::1', headers: { host: '[::1]:4400' } }, 'secret', true)).toBe(true);
    expect(mayReadOutbox(local, 'secret', false)).toBe(false);
  });

  it.each([
    ['another machine', { ...local, ip: '192.168.1.5' }],
    ['a proxy on this machine', { ...local, headers: { host: 'localhost', 'x-forwarded-for': '203.0.113.9' } }],
    ['a foreign host name that leads here', { ...local, headers: { host: 'rebind.example.com:4400' } }],
    ['no host name', { ...local, headers: {} }],
    ['a wrong key, even on this machine', { ...local, headers: { host: 'localhost', authorization: 'Bearer x' } }],
  ])('is not %s', (_, visitor) => {
    expect(mayReadOutbox(visitor, 'secret', true)).toBe(false);
  });
});
