import type { TopicName } from '@rapport/events';
import { startTestPlatform, eventually, type TestPlatform } from '@rapport/testing';
import type { Platform } from '../platform/platform.js';
import type { StatefulConsumer } from './consumer.js';
import { inputsHandled } from './inputs-before-timers.js';
import { readPositions } from './positions.js';
import { runConsumer } from './run-consumer.js';

describe('a timer and what stood on the log before it', () => {
  let test: TestPlatform;
  beforeAll(async () => {
    test = await startTestPlatform();
  });
  afterAll(() => test.stop());
  beforeEach(() => test.platform.postgres.query('TRUNCATE runtime.positions'));

  const append = async (topic: 'memberships' | 'timers', key: string): Promise<void> => {
    const { codec, eventLog } = test.platform;
    const value =
      topic === 'timers'
        ? codec.encode('timer-fired', {
            ...{ workspaceId: 'shop', owner: 'score', timerId: key, profileId: key, purpose: 'spec' },
            ...{ dueAt: 1, firedAt: 2 },
          })
        : codec.encode('membership-changed', {
            ...{ workspaceId: 'shop', profileId: key, segmentId: 'buyers', change: 'entered' as const },
            ...{ timestamp: 1, decidedAt: 2, causeId: key, imported: false, rearranged: false },
          });
    await eventLog.append([{ topic, key, value }]);
  };

  /** The platform with its log watched: who waits for other inputs asks for their ends. */
  function watched(onBounds: (topic: TopicName) => void): Platform {
    const { eventLog } = test.platform;
    const log = new Proxy(eventLog, {
      get: (target, name: keyof typeof eventLog) =>
        name === 'bounds'
          ? (topic: TopicName) => {
              onBounds(topic);
              return target.bounds(topic);
            }
          : target[name].bind(target),
    });
    return Object.create(test.platform, { eventLog: { value: log } }) as Platform;
  }

  it('Given a consumer that lags on one partition, when it reads a timer from another one, then it handles first what stood before', async () => {
    const handled: string[] = [];
    const timerWaits = Promise.withResolvers<void>();
    const consumer: StatefulConsumer = {
      name: 'score',
      topics: ['memberships', 'timers'],
      lingerMs: 0,
      handle: async (batch) => {
        for (const { record, event } of batch) {
          if (event.name === 'membership-changed') await timerWaits.promise;
          handled.push(`${record.topic} ${record.key}`);
        }
        return {};
      },
    };
    await append('memberships', 'ada');
    await append('timers', 'bob');
    const running = await runConsumer(
      consumer,
      watched((topic) => topic === 'memberships' && timerWaits.resolve()),
    );
    await eventually(() => expect(handled).toHaveLength(2));
    await running.stop();
    expect(handled).toEqual(['memberships ada', 'timers bob']);
  });

  it('Given inputs that nobody handles, when nothing of them moves, then the timer waits no longer; when the partition is taken away, it stops waiting', async () => {
    const consumer = { name: 'profile', topics: ['memberships', 'timers'] } as const;
    await append('memberships', 'cy');
    const bounds = await test.platform.eventLog.bounds('memberships');
    await readPositions(test.platform.postgres, 'profile', bounds);

    expect(await inputsHandled(test.platform, consumer, new AbortController().signal, 100)).toBe(false);
    await expect(inputsHandled(test.platform, consumer, AbortSignal.abort())).rejects.toThrow();

    for (const { topic, partition, high } of bounds) {
      await test.platform.postgres.query(
        'UPDATE runtime.positions SET position = $1 WHERE consumer = $2 AND topic = $3 AND partition = $4',
        [high, 'profile', topic, partition],
      );
    }
    expect(await inputsHandled(test.platform, consumer, new AbortController().signal, 100)).toBe(true);
  });
});
