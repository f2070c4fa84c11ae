import type { MembershipChanged, ScoreChanged } from '@rapport/events';
import { createEventLog, type EventLog, type LogRecord } from '@rapport/event-log';
import { eventually, startTestPlatform, type TestPlatform } from '@rapport/testing';
import type { PoolClient } from 'pg';
import { replayConsumer } from '../replay/replay-consumer.js';
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

  it('Given a transaction that died after the append, what is appended again carries the same origins', async () => {
    await appendMemberships(['ada', 'ada']);
    let dieOnce = true;
    const log: EventLog = {
      ...platform.eventLog,
      append: async (records) => {
        const positions = await platform.eventLog.append(records);
        if (dieOnce) {
          dieOnce = false;
          await platform.postgres.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND pid <> pg_backend_pid()",
          );
        }
        return positions;
      },
    };
    const running = await runConsumer(countingConsumer(), withLog(platform, log));

    await eventually(async () => expect(await counts()).toEqual({ ada: 2 }));
    await running.stop();

    const scores = await recordsOf('scores');
    const origins = scores.map(({ origin }) => `${origin?.offset}.${origin?.sequence}`);
    expect(origins).toEqual(['0.0', '1.0', '0.0', '1.0']);
    expect(scores.every(({ origin }) => origin?.producer === 'score' && origin.topic === 'memberships')).toBe(true);
  });

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

  it('a replay rebuilds the same state, appends nothing, and live members go on after it', async () => {
    await appendMemberships(['ada', 'bob', 'ada', 'cy']);
    const running = await runConsumer(countingConsumer(), platform);
    await eventually(async () => expect(await counts()).toEqual({ ada: 2, bob: 1, cy: 1 }));
    await platform.postgres.query("UPDATE counts SET n = 99 WHERE profile_id = 'bob'");

    const handled = await replayConsumer(countingConsumer(), platform, {
      clear: async (tx) => void (await tx.query('TRUNCATE counts')),
    });

    expect(handled).toBe(4);
    expect(await counts()).toEqual({ ada: 2, bob: 1, cy: 1 });
    expect(await recordsOf('scores')).toHaveLength(4);
    await appendMemberships(['ada'], 4);
    await eventually(async () => expect(await counts()).toEqual({ ada: 3, bob: 1, cy: 1 }));
    await running.stop();
    expect(await recordsOf('scores')).toHaveLength(5);
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
