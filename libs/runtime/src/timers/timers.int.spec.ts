import type { TimerFired } from '@rapport/events';
import { inTransaction } from '@rapport/profile-db';
import { startTestPlatform, type TestPlatform } from '@rapport/testing';
import { fireDueTimers } from './fire-due-timers.js';
import { cancelTimers, scheduleTimers, type Timer } from './timers.js';

const timer = (timerId: string, dueAt: number): Timer => ({
  workspaceId: 'shop',
  owner: 'segment',
  timerId,
  profileId: 'ada',
  purpose: 'lapsed',
  dueAt,
});

describe('timers', () => {
  let test: TestPlatform;

  beforeAll(async () => {
    test = await startTestPlatform();
  });
  afterAll(() => test.stop());
  beforeEach(() => test.platform.postgres.query('TRUNCATE runtime.timers'));

  const schedule = (...timers: Timer[]) => inTransaction(test.platform.postgres, (tx) => scheduleTimers(tx, timers));
  const fire = (now: number) => fireDueTimers('segment', now, test.platform);

  async function newlyFired(work: () => Promise<unknown>): Promise<TimerFired[]> {
    const before = await test.platform.eventLog.bounds('timers');
    await work();
    const fired: TimerFired[] = [];
    for (const { partition, high } of before) {
      for await (const records of test.platform.eventLog.read({ topic: 'timers', partition, from: high })) {
        for (const { value } of records) {
          const event = test.platform.codec.decode(value ?? Buffer.alloc(0));
          if (event.name === 'timer-fired') fired.push(event.value);
        }
      }
    }
    return fired;
  }

  it('Given one that is due and one that is not, the due one alone is on the log, once', async () => {
    await schedule(timer('a', 1000), timer('b', 2000));

    const fired = await newlyFired(async () => {
      expect(await fire(1500)).toBe(1);
      expect(await fire(1500)).toBe(0);
    });

    expect(fired).toEqual([
      {
        workspaceId: 'shop',
        owner: 'segment',
        timerId: 'a',
        profileId: 'ada',
        purpose: 'lapsed',
        dueAt: 1000,
        firedAt: 1500,
      },
    ]);
  });

  it('Given one that was moved or cancelled, nothing happens at its old time', async () => {
    await schedule(timer('moved', 1000), timer('cancelled', 1000));
    await schedule(timer('moved', 5000), timer('moved', 6000));
    await inTransaction(test.platform.postgres, (tx) => cancelTimers(tx, 'segment', ['cancelled']));

    expect(await newlyFired(() => fire(5500))).toEqual([]);
    expect(await newlyFired(() => fire(6000))).toHaveLength(1);
  });

  it("another owner's timers stay where they are", async () => {
    await schedule({ ...timer('a', 1000), owner: 'orchestrate' });
    expect(await newlyFired(() => fire(5000))).toEqual([]);
  });
});
