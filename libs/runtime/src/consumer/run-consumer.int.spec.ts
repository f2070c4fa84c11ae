import type { MembershipChanged, ScoreChanged } from '@rapport/events';
import { createEventLog, partitionOfKey, type EventLog, type LogRecord, type PartitionBatch } from '@rapport/event-log';
import { caughtUp, dyingAtAppend, eventually, startTestPlatform, type TestPlatform } from '@rapport/testing';
import type { PoolClient } from 'pg';
import type { Platform } from '../platform/platform.js';
import { RetriableError, type InputRecord, type Output, type StatefulConsumer } from './consumer.js';
import { processStateful } from './process-batch.js';
import { runConsumer } from './run-consumer.js';

const membership = (profileId: string, causeId: string): MembershipChanged => ({
  workspaceId: 'shop',
  profileId,
  segmentId: 'buyers',
  change: 'entered',
  timestamp: 1,
  decidedAt: 2,
  causeId,
  imported: false,
  rearranged: false,
});

const score = (value: MembershipChanged, count: number): ScoreChanged => ({
  workspaceId: value.workspaceId,
  profileId: value.profileId,
  scoreId: 'entries',
  value: count,
  components: {},
  computedAt: 3,
  causeId: value.causeId,
});

/** Counts membership changes per profile and announces every count. */
function countingConsumer(
  hooks: { readonly onInput?: (value: MembershipChanged) => void | Promise<void> } = {},
): StatefulConsumer {
  return {
    name: 'score',
    topics: ['memberships'],
    lingerMs: 0,
    handle: async (batch, tx) => ({ outputs: await countAll(batch, tx, hooks.onInput) }),
  };
}

async function countAll(
  batch: readonly InputRecord[],
  tx: PoolClient,
  onInput: ((value: MembershipChanged) => void | Promise<void>) | undefined,
): Promise<Output[]> {
  const outputs: Output[] = [];
  for (const { record, event } of batch) {
    if (event.name !== 'membership-changed') continue;
    await onInput?.(event.value);
    const { rows } = await tx.query<{ n: number }>(
      'INSERT INTO counts VALUES ($1, 1) ON CONFLICT (profile_id) DO UPDATE SET n = counts.n + 1 RETURNING n',
      [event.value.profileId],
    );
    const value = score(event.value, rows[0]?.n ?? -1);
    outputs.push({ topic: 'scores', name: 'score-changed', key: value.profileId, value, causedBy: record });
  }
  return outputs;
}

describe('running a consumer', () => {
  let test: TestPlatform;
  let platform: Platform;

  beforeAll(async () => {
    test = await startTestPlatform();
  });
  afterAll(() => test.stop());

  beforeEach(async () => {
    await test.platform.postgres.query(
      'DROP TABLE IF EXISTS counts; CREATE TABLE counts (profile_id text PRIMARY KEY, n int)',
    );
    await test.platform.postgres.query('TRUNCATE runtime.positions');
    platform = withLog(test.platform, await freshLog());
  });
  afterEach(() => platform.eventLog.close());

  let logs = 0;
  async function freshLog(): Promise<EventLog> {
    const { eventLog } = test.config;
    if (eventLog.kind !== 'embedded') throw new Error('this spec runs on the embedded log');
    const log = createEventLog(
      { ...eventLog, folder: `${eventLog.folder}-${(logs += 1)}` },
      { clientId: 'spec', clock: Date.now },
    );
    await log.ensureTopics();
    return log;
  }

  const appendMemberships = (profiles: readonly string[], from = 0) =>
    platform.eventLog.append(
      profiles.map((profileId, i) => ({
        topic: 'memberships' as const,
        key: profileId,
        value: platform.codec.encode('membership-changed', membership(profileId, `cause-${from + i}`)),
      })),
    );

  async function counts(): Promise<Record<string, number>> {
    const { rows } = await platform.postgres.query<{ profile_id: string; n: number }>(
      'SELECT * FROM counts ORDER BY 1',
    );
    return Object.fromEntries(rows.map(({ profile_id, n }) => [profile_id, n]));
  }

  async function recordsOf(topic: 'scores' | 'dead-letters'): Promise<LogRecord[]> {
    const records: LogRecord[] = [];
    for (const { partition } of await platform.eventLog.bounds(topic)) {
      for await (const chunk of platform.eventLog.read({ topic, partition, from: 0 })) records.push(...chunk);
    }
    return records;
  }

  it('handles every record once and stores its position with the effect', async () => {
    await appendMemberships(['ada', 'bob', 'ada', 'cy', 'ada']);
    const running = await runConsumer(countingConsumer(), platform);

    await eventually(async () => expect(await counts()).toEqual({ ada: 3, bob: 1, cy: 1 }));
    await running.stop();
    const again = await runConsumer(countingConsumer(), platform);
    await appendMemberships(['bob'], 5);

    await eventually(async () => expect(await counts()).toEqual({ ada: 3, bob: 2, cy: 1 }));
    await again.stop();
    expect(await recordsOf('scores')).toHaveLength(6);
  });

  it.each([
    ['before', ['0.0', '1.0']],
    ['after', ['0.0', '1.0', '0.0', '1.0']],
  ] as const)(
    'Given a member that died just %s it appended, another says the same under the same origins',
    async (when, expected) => {
      const { platform: dying, died } = dyingAtAppend(platform, 'scores', when);
      const member = await runConsumer(countingConsumer(), dying);
      await appendMemberships(['ada', 'ada']);
      await died;
      await member.stop();
      await platform.postgres.query('UPDATE counts SET n = n + 10');
      const running = await runConsumer(countingConsumer(), platform);
      await caughtUp(platform, countingConsumer());
      await running.stop();

      expect(await counts()).toEqual({ ada: 12 });
      const scores = await recordsOf('scores');
      expect(scores.map(({ origin }) => `${origin?.offset}.${origin?.sequence}`)).toEqual(expected);
      expect(scores.map((record) => valueOf(record))).toEqual(expected.map((origin) => (origin === '0.0' ? 1 : 2)));
      expect(scores.every(({ origin }) => origin?.producer === 'score' && origin.topic === 'memberships')).toBe(true);
    },
  );

  it('Given a batch that was committed and not said, who changes the same person says it first; others do not', async () => {
    const consumer = countingConsumer();
    await platform.postgres.query(
      "INSERT INTO runtime.positions VALUES ('score', 'memberships', 0), ('score', 'memberships', 1)",
    );
    const [first, other, second] = [await batchOf('ada', 0), await batchOf('bob', 1), await batchOf('ada', 1)];
    const { platform: dying } = dyingAtAppend(platform, 'scores', 'before');
    await expect(processStateful(consumer, dying, { batch: first, expected: 0 })).rejects.toThrow('dead');

    await processStateful(consumer, platform, { batch: other, expected: 0 });
    expect((await recordsOf('scores')).map(({ key }) => key)).toEqual(['bob']);
    await processStateful(consumer, platform, { batch: second, expected: 1 });
    const ofAda = async () => (await recordsOf('scores')).filter(({ key }) => key === 'ada').map(valueOf);
    expect(await ofAda()).toEqual([1, 2]);
    expect(await processStateful(consumer, platform, { batch: first, expected: 0 })).toMatchObject({ kind: 'fenced' });
    expect(await ofAda()).toEqual([1, 2, 1]);
    const { rows } = await platform.postgres.query('SELECT FROM runtime.positions WHERE unappended IS NOT NULL');
    expect(rows).toEqual([]);
  });

  /** One membership of a person, in the partition wanted. */
  async function batchOf(profileId: string, partition: number): Promise<PartitionBatch> {
    const partitions = (await platform.eventLog.bounds('memberships')).length;
    const keys = Array.from({ length: 1000 }, (_, i) => `key-${i}`);
    const key = keys.find((each) => partitionOfKey(Buffer.from(each), partitions) === partition) ?? 'none';
    const value = platform.codec.encode('membership-changed', membership(profileId, key));
    const [at] = await platform.eventLog.append([{ topic: 'memberships', key, value }]);
    const from = at?.offset ?? 0;
    const [records] = await Array.fromAsync(platform.eventLog.read({ topic: 'memberships', partition, from }));
    return { topic: 'memberships', partition, records: records ?? [], nextOffset: from + 1, highWatermark: from + 1 };
  }

  function valueOf({ value }: LogRecord): number | undefined {
    const event = value && platform.codec.decode(value);
    return event?.name === 'score-changed' ? (event.value.value as number) : undefined;
  }

  it('Given somebody else went on, a batch is fenced and nothing happens', async () => {
    const [at] = await appendMemberships(['ada']);
    const partition = at?.partition ?? 0;
    const [records] = await Array.fromAsync(platform.eventLog.read({ topic: 'memberships', partition, from: 0 }));
    const batch = { topic: 'memberships' as const, partition, records: records ?? [], nextOffset: 1, highWatermark: 1 };
    await platform.postgres.query("INSERT INTO runtime.positions VALUES ('score', 'memberships', $1, 7)", [partition]);

    const processed = await processStateful(countingConsumer(), platform, { batch, expected: 0 });

    expect(processed).toEqual({ kind: 'fenced', position: 7 });
    expect(await counts()).toEqual({});
    expect(await recordsOf('scores')).toEqual([]);
  });

  it('Given bytes that are no record, they become a dead letter, unchanged, and the others are handled', async () => {
    const poison = Buffer.from('fe ff ff ff 0f 00'.replaceAll(' ', ''), 'hex');
    await platform.eventLog.append([{ topic: 'memberships', key: 'ada', value: poison }]);
    await appendMemberships(['ada', 'ada']);
    const running = await runConsumer(countingConsumer(), platform);

    await eventually(async () => expect(await counts()).toEqual({ ada: 2 }));
    await running.stop();

    const [letter, ...more] = await recordsOf('dead-letters');
    expect(more).toEqual([]);
    expect(letter?.value).toEqual(poison);
    expect(letter?.headers).toMatchObject({
      'dead-letter-consumer': 'score',
      'dead-letter-topic': 'memberships',
      'dead-letter-offset': '0',
      'dead-letter-reason': 'undecodable',
    });
  });

  it('Given a record the handler cannot stand, it alone becomes a dead letter', async () => {
    const profiles = Array.from({ length: 33 }, (_, i) => (i === 20 ? 'cursed' : 'ada'));
    await appendMemberships(profiles);
    const onInput = ({ profileId }: MembershipChanged): void => {
      if (profileId === 'cursed') throw new TypeError('cannot read cursed');
    };
    const running = await runConsumer(countingConsumer({ onInput }), platform);

    await eventually(async () => expect(await counts()).toEqual({ ada: 32 }));
    await eventually(async () => expect(await recordsOf('dead-letters')).toHaveLength(1));
    await running.stop();
    expect((await recordsOf('dead-letters'))[0]?.headers['dead-letter-reason']).toBe('handler-failed: TypeError');
    expect(await recordsOf('scores')).toHaveLength(32);
  });

  it('Given a dependency that is away for a while, the batch is done again and nothing is a dead letter', async () => {
    await appendMemberships(['ada', 'ada', 'ada']);
    let failures = 3;
    const onInput = (): void => {
      if ((failures -= 1) >= 0) throw new RetriableError('away');
    };
    const running = await runConsumer(countingConsumer({ onInput }), platform);

    await eventually(async () => expect(await counts()).toEqual({ ada: 3 }));
    await running.stop();
    expect(await recordsOf('dead-letters')).toEqual([]);
    expect(await recordsOf('scores')).toHaveLength(3);
  });

  it('Given two members, each record is handled once, also when one of them stops', async () => {
    const profiles = Array.from({ length: 400 }, (_, i) => `person-${i % 40}`);
    const first = await runConsumer(countingConsumer(), platform);
    const second = await runConsumer(countingConsumer(), platform);
    await appendMemberships(profiles.slice(0, 200));
    await appendMemberships(profiles.slice(200, 300), 200);
    await first.stop();
    await appendMemberships(profiles.slice(300), 300);

    await eventually(async () => {
      const all = Object.values(await counts());
      expect(all).toHaveLength(40);
      expect(all.every((n) => n === 10)).toBe(true);
    });
    await second.stop();
  });
});

function withLog(platform: Platform, eventLog: EventLog): Platform {
  return Object.create(platform, { eventLog: { value: eventLog } }) as Platform;
}
