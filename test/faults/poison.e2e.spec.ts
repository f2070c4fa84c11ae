import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { LogRecord } from '@rapport/event-log';
import { eventually } from '@rapport/testing';
import { broken, eventTime, identifiers, refused, times, totals, values } from './poison-cases.js';
import { numbered, PoisonLoad, tooMany } from './poison-load.js';
import { PoisonRun, type StoredProfile, type StoredRejection, type StoredTouchpoint } from './poison-run.js';

const accountingQuery = readFileSync(fileURLToPath(new URL('../../docs/sql/accounting.sql', import.meta.url)), 'utf8');

/** What stands in the stores in the end. */
interface Found {
  readonly touchpoints: ReadonlyMap<string, readonly StoredTouchpoint[]>;
  readonly profiles: ReadonlyMap<string, readonly StoredProfile[]>;
  readonly orders: ReadonlyMap<string, string>;
  readonly rejections: readonly StoredRejection[];
}

describe('poison, from the edge to PostgreSQL and ClickHouse', () => {
  let run: PoisonRun;
  let children: readonly number[];
  let load: PoisonLoad;
  let letters: readonly LogRecord[];
  let found: Found;

  const everythingArrived = async (): Promise<Found> => {
    const { resolved, duplicates } = await run.intake();
    expect({ resolved, duplicates }).toEqual({ resolved: load.stored, duplicates: load.duplicates });
    const [touchpoints, profiles, orders, rejections] = await Promise.all([
      run.touchpoints(),
      run.profiles(),
      run.orders(),
      run.rejections(),
    ]);
    const profilesById = Map.groupBy(profiles, ({ user_id }) => user_id);
    expect(load.neighbours.filter((id) => !profilesById.has(id))).toEqual([]);
    expect(profiles).toHaveLength(load.people);
    expect(touchpoints).toHaveLength(load.stored);
    expect(rejections.filter(({ reason }) => reason !== 'continued')).toHaveLength(load.rejections);
    expect(orders).toHaveLength(totals.length);
    letters = await run.recordsOf('dead-letters');
    expect(letters).toHaveLength(load.poisoned.length);
    return {
      touchpoints: Map.groupBy(touchpoints, ({ message_id }) => message_id),
      profiles: profilesById,
      orders: new Map(orders.map(({ order_id, amount }) => [order_id, amount])),
      rejections,
    };
  };

  beforeAll(async () => {
    run = await PoisonRun.start();
    children = run.children();
    load = new PoisonLoad(run);
    await load.sendEverything();
    await load.appendPoisonRecords();
    found = await eventually(everythingArrived, 60_000, 500);
  });

  afterAll(async () => {
    expect(await run.stop()).toBe(0);
  });

  const touchpointOf = (id: string): StoredTouchpoint => {
    const rows = found.touchpoints.get(id) ?? [];
    expect(rows).toHaveLength(1);
    return rows[0]!;
  };
  const profileOf = (userId: string): StoredProfile => {
    const rows = found.profiles.get(userId) ?? [];
    expect(rows).toHaveLength(1);
    return rows[0]!;
  };
  const expectNeighbours = (id: string): void => {
    for (const place of ['before', 'after']) {
      expect(touchpointOf(`${id}-${place}`)).toMatchObject({ traits: `{"place":"${place}"}`, flags: [] });
      expect(profileOf(`${id}-${place}`).traits).toEqual({ place });
    }
  };
  const cases = <T extends readonly [string, ...unknown[]]>(kind: string, table: readonly T[]) =>
    table.map(([name, ...rest], index) => [name, `${kind}-${index}`, ...rest] as unknown as CaseOf<T>);

  it.each(cases('value', values))(
    '%s is stored in a form that every store holds',
    (_name, id, _sent, stored, flags) => {
      expect(load.answers.get(id)?.status).toBe(200);
      expect(touchpointOf(id)).toMatchObject({
        properties: stored,
        traits: stored,
        flags,
        timestamp: Date.parse(eventTime),
      });
      const { traits } = profileOf(id);
      expect(traits).toStrictEqual(JSON.parse(stored));
      expect(Object.keys(traits)).toEqual(expect.arrayContaining(Object.keys(JSON.parse(stored) as object)));
      expectNeighbours(id);
    },
  );

  it.each(cases('time', times))('%s gives way to the time of the log', (_name, id, _event, flag) => {
    const row = touchpointOf(id);
    expect(row).toMatchObject({ timestamp: row.received_at, flags: [flag], traits: '{"kept":true}' });
    const { traits, first_seen_at, last_seen_at } = profileOf(id);
    expect({ traits, first_seen_at, last_seen_at }).toEqual({
      traits: { kept: true },
      first_seen_at: row.received_at,
      last_seen_at: row.received_at,
    });
    expectNeighbours(id);
  });

  it.each(cases('total', totals))('a total of %s is an order of nothing', (_name, id) => {
    expect(touchpointOf(id)).toMatchObject({ event: 'Order Completed', total: null });
    expect(found.orders.get(id)).toBe('0');
    expectNeighbours(id);
  });

  it.each(cases('identifier', identifiers))('a userId with %s finds its person', async (_name, id, _sent, userId) => {
    expect(touchpointOf(id).traits).toBe(`{"by":"${id}"}`);
    expect(profileOf(userId).traits).toEqual({ by: id });
    const { status, body } = await run.get(`/v1/profiles/${encodeURIComponent(userId)}?type=userId`);
    expect([status, body]).toMatchObject([200, { traits: { by: id }, identifiers: { userId: [userId] } }]);
    expectNeighbours(id);
  });

  it('an event of 32,768 bytes is stored whole', () => {
    expect(touchpointOf('largest').properties).toMatch(/^\{"note":"x{32000,}"\}$/);
    expectNeighbours('largest');
  });

  it.each(['repeated', 'contradicted'])('a messageId that is %s counts once, as it came first', (id) => {
    expectNeighbours(id);
    expect(touchpointOf(`${id}-before`).timestamp).toBe(Date.parse(eventTime));
  });

  it.each(cases('refused', refused))('%s is rejected, and the rest of its batch is not', (_name, id, event, reason) => {
    expect(load.answers.get(id)).toMatchObject({ status: 200, body: { rejected: [{ index: 1, reason }] } });
    const kept = found.rejections.filter(({ body }) => body.equals(Buffer.from(event(id))));
    expect(kept).toMatchObject([{ reason, message_id: event(id).includes(`"messageId":"${id}"`) ? id : '' }]);
    expect(found.touchpoints.has(id)).toBe(false);
    expect(found.profiles.has(id)).toBe(false);
    expectNeighbours(id);
  });

  it.each(cases('broken', broken))('a request of %s is no loss to those beside it', (_name, id, request) => {
    const { body, status, reason, times: often = 1 } = request;
    expect(load.answers.get(id)?.status).toBe(status);
    const starts = found.rejections.filter((one) => one.body.length > 0 && body.indexOf(one.body) === 0);
    const kept = starts.filter((one) => one.reason === reason && one.reason !== 'continued');
    expect(kept).toHaveLength(reason === undefined ? 0 : often);
    for (const { rejection_id, body: first } of kept) {
      const rest = found.rejections.filter(({ detail }) => detail.endsWith(` of ${rejection_id}`));
      rest.sort((a, b) => a.rejection_id.localeCompare(b.rejection_id));
      expect(Buffer.concat([first, ...rest.map((part) => part.body)]).equals(body)).toBe(true);
    }
    expectNeighbours(id);
  });

  it('a batch that is too long is stored up to the limit, and kept beyond it', () => {
    const stored = numbered('many', tooMany).filter((id) => found.touchpoints.has(id));
    expect(stored).toEqual(numbered('many', 2_500));
    expect(found.rejections.filter(({ reason }) => reason === 'batch-too-long')).toHaveLength(2);
  });

  it('nothing polluted what stands in a store', () => {
    const everything = JSON.stringify([[...found.touchpoints.values()], [...found.profiles.values()]]);
    expect(everything).not.toContain('polluted');
    expect(everything).toContain('place');
  });

  it('records on the log that are none end as dead letters, unchanged', () => {
    const byPosition = new Map(
      letters.map((letter) => [
        `${letter.headers['dead-letter-partition']}:${letter.headers['dead-letter-offset']}`,
        letter,
      ]),
    );
    for (const { name, value, reason, partition, offset } of load.poisoned) {
      const letter = byPosition.get(`${partition}:${offset}`);
      const headers = {
        'dead-letter-consumer': 'resolve',
        'dead-letter-topic': 'touchpoints',
        'dead-letter-reason': reason,
      };
      expect([name, letter?.headers]).toEqual([name, expect.objectContaining(headers)]);
      expect([name, letter?.value?.equals(value)]).toEqual([name, true]);
    }
  });

  it('the partitions that held them went on', () => {
    const rows = [...found.touchpoints.values()].flat();
    const partitions = new Set(load.poisoned.map(({ partition }) => partition));
    expect(partitions.size).toBeGreaterThan(1);
    for (const partition of partitions) {
      const last = Math.max(...load.poisoned.filter((one) => one.partition === partition).map(({ offset }) => offset));
      expect(rows.some(({ log_partition, log_offset }) => log_partition === partition && log_offset > last)).toBe(true);
    }
  });

  it('received = stored + duplicates + rejected, as one query tells', async () => {
    const { hostname, port, pathname, username, password } = new URL(run.endpoints.postgres);
    const parameters = { postgres: `${hostname}:${port}`, database: pathname.slice(1), user: username, password };
    const rows = await run.ask<{ readonly source_id: string }>(accountingQuery, parameters);
    expect(rows.find(({ source_id }) => source_id === 'default')).toEqual({
      workspace_id: 'default',
      source_id: 'default',
      received: load.events,
      stored: load.stored,
      duplicates: load.duplicates,
      erased: 0,
      rejected: load.rejections,
      unaccounted: 0,
    });
  });

  it('GET /v1/accounting tells the same of what was not rejected', async () => {
    expect(await run.intake()).toEqual({
      received: load.events - load.rejections,
      resolved: found.touchpoints.size,
      duplicates: load.duplicates,
      conflicts: 1,
      erased: 0,
    });
  });

  it('the processes are those that were started, and healthy', async () => {
    expect(run.rapport.ended).toBe(false);
    expect(run.children()).toEqual(children);
    expect((await run.get('/health/ready')).status).toBe(200);
  });
});

type CaseOf<T extends readonly unknown[]> = T extends readonly [infer Name, ...infer Rest]
  ? [Name, string, ...Rest]
  : never;
