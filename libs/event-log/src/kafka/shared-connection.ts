export interface ConnectionKind<C> {
  readonly connect: () => Promise<C>;
  readonly disconnect: (connection: C) => Promise<unknown>;
}

export interface SharedConnection<C> {
  /** Connects on first use, and anew after a call that failed. */
  use<T>(action: (connection: C) => Promise<T>): Promise<T>;
  /** Resolves when no call is under way any more and nothing is connected. */
  close(): Promise<void>;
}

interface Connectable {
  connect(): Promise<unknown>;
  disconnect(): Promise<unknown>;
}

/** A connection of kafkajs once it is connected. One that fails half-way is closed, or it would go on trying. */
export async function connected<C extends Connectable>(connection: C): Promise<C> {
  try {
    await connection.connect();
    return connection;
  } catch (error) {
    await connection.disconnect().catch(() => undefined);
    throw error;
  }
}

interface Line<C> {
  readonly connection: Promise<C>;
  calls: number;
  isGivenUp: boolean;
  readonly ended: PromiseWithResolvers<void>;
}

/**
 * One connection for many calls side by side. A call that fails gives it up for those that come after; it is closed when
 * the last call on it has ended. Were it closed before, kafkajs would connect again for the calls that still use it, and
 * nobody would close that connection: a process could not end.
 */
export function shareConnection<C>({ connect, disconnect }: ConnectionKind<C>): SharedConnection<C> {
  let current: Line<C> | undefined;
  const open = new Set<Line<C>>();

  const begin = (): Line<C> => {
    const line = { connection: connect(), calls: 0, isGivenUp: false, ended: Promise.withResolvers<void>() };
    open.add(line);
    return line;
  };
  const end = async (line: Line<C>): Promise<void> => {
    await line.connection.then(disconnect).catch(() => undefined);
    open.delete(line);
    line.ended.resolve();
  };
  const giveUp = (line: Line<C>): void => {
    if (current === line) current = undefined;
    if (line.isGivenUp) return;
    line.isGivenUp = true;
    if (line.calls === 0) void end(line);
  };

  return {
    async use(action) {
      const line = (current ??= begin());
      line.calls += 1;
      try {
        return await action(await line.connection);
      } catch (error) {
        giveUp(line);
        throw error;
      } finally {
        line.calls -= 1;
        if (line.isGivenUp && line.calls === 0) void end(line);
      }
    },
    async close() {
      if (current) giveUp(current);
      await Promise.all([...open].map(({ ended }) => ended.promise));
    },
  };
}
