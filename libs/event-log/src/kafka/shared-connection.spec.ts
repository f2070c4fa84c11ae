import { shareConnection } from './shared-connection.js';

describe('a connection that several calls share', () => {
  const connections = () => {
    const log: string[] = [];
    let made = 0;
    const shared = shareConnection({
      connect: async () => {
        log.push(`connect ${(made += 1)}`);
        return made;
      },
      disconnect: async (connection: number) => log.push(`disconnect ${connection}`),
    });
    return { log, shared };
  };

  it('is made once, and closed with the owner', async () => {
    const { log, shared } = connections();
    expect(await Promise.all([1, 2, 3].map(() => shared.use(async (connection) => connection)))).toEqual([1, 1, 1]);
    await shared.close();
    expect(log).toEqual(['connect 1', 'disconnect 1']);
  });

  it('is given up by a call that fails, and closed when the last call on it has ended, not before', async () => {
    const { log, shared } = connections();
    const other = Promise.withResolvers<void>();
    const long = shared.use(async (connection) => {
      await other.promise;
      log.push(`used ${connection}`);
    });
    await expect(shared.use(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await shared.use(async (connection) => connection)).toBe(2);
    expect(log).toEqual(['connect 1', 'connect 2']);
    other.resolve();
    await long;
    await shared.close();
    expect(log.slice(2)).toEqual(['used 1', 'disconnect 1', 'disconnect 2']);
  });

  it('that two calls find broken is given up once: what was made anew stays', async () => {
    const { log, shared } = connections();
    const late = Promise.withResolvers<void>();
    const second = shared.use(async () => {
      await late.promise;
      throw new Error('late');
    });
    await expect(shared.use(() => Promise.reject(new Error('first')))).rejects.toThrow('first');
    await shared.use(async () => undefined);
    late.resolve();
    await expect(second).rejects.toThrow('late');
    expect(await shared.use(async (connection) => connection)).toBe(2);
    await shared.close();
    expect(log).toEqual(['connect 1', 'connect 2', 'disconnect 1', 'disconnect 2']);
  });

  it('of nobody is not made by closing', async () => {
    const { log, shared } = connections();
    await shared.close();
    expect(log).toEqual([]);
  });
});
