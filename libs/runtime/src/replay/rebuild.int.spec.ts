import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceName } from '@rapport/events';
import { appendEvent, runUntilCaughtUp, startTestPlatform, type TestPlatform } from '@rapport/testing';
import type { StatefulConsumer } from '../consumer/consumer.js';
import { openPostgresShadow } from './postgres-shadow.js';
import { rebuild } from './rebuild.js';

describe('the batches of a rebuild', () => {
  let test: TestPlatform;
  beforeAll(async () => {
    test = await startTestPlatform();
  });
  afterAll(() => test.stop());

  /** All under one key, and each at a time of its own. */
  const append = async (what: 'membership' | { readonly timerOf: ServiceName }): Promise<void> => {
    const of = { workspaceId: 'shop', profileId: 'ada' };
    await pause(2);
    if (what === 'membership') {
      const change = { segmentId: 'buyers', change: 'entered', timestamp: 1, decidedAt: 2, causeId: '' } as const;
      const event = { ...of, ...change, imported: false, rearranged: false };
      await appendEvent(test.platform, 'memberships', 'ada', 'membership-changed', event);
    } else {
      const timer = { ...of, owner: what.timerOf, timerId: 't', purpose: 'spec', dueAt: 1, firedAt: 2 };
      await appendEvent(test.platform, 'timers', 'ada', 'timer-fired', timer);
    }
  };

  it('Given timers among other records, when it is rebuilt, then only its own timers come between', async () => {
    let batches: string[][] = [];
    const consumer: StatefulConsumer = {
      name: 'score',
      topics: ['memberships', 'timers'],
      handle: (batch) => {
        batches.push(batch.map(({ record }) => record.topic));
        return Promise.resolve({});
      },
    };
    await append('membership');
    await append({ timerOf: 'segment' });
    await append('membership');
    await append({ timerOf: 'score' });
    await append({ timerOf: 'segment' });
    await append('membership');
    await append({ timerOf: 'segment' });
    await runUntilCaughtUp(consumer, test.platform);

    batches = [];
    const { records } = await rebuild(test.platform, {
      name: 'score',
      consumer: () => consumer,
      openShadow: openPostgresShadow,
    });

    expect(batches).toEqual([['memberships', 'memberships'], ['timers'], ['memberships']]);
    expect(records).toBe(7);
  });
});
