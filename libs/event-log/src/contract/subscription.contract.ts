import { setTimeout as sleep } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { setFlagsFromString } from 'node:v8';
import type { LogRecord, PartitionBatch } from '../port/event-log.js';
import { eventually } from './log-reading.js';
import { numbered, subscriptionFixture, textsOf, topic, type Current } from './subscription-fixture.js';

export function describeSubscriptions(current: Current): void {
  describe('subscribing', () => {
    const fixture = subscriptionFixture(current);
    const { subscribe, appendToAll } = fixture;

    it('Given records before and after a subscription starts, when it starts from given offsets, then it gets all behind them, in order, in batches that join', async () => {
      const batches: PartitionBatch[] = [];
      await appendToAll(60, 'before');

      await subscribe({
        maxBatchRecords: 50,
        onBatch: async (batch) => {
          batches.push(batch);
          return { goOnFrom: batch.nextOffset };
        },
      });
      await appendToAll(60, 'after');

      const records = () => batches.flatMap((batch) => batch.records);
      await eventually('every record arrived', () => records().length >= 120 * fixture.start.length);
      for (const partition of fixture.start.keys()) {
        expect(textsOf(records(), partition)).toEqual([...numbered(60, 'before'), ...numbered(60, 'after')]);
        let expected = fixture.start[partition]!;
        for (const batch of batches.filter((candidate) => candidate.partition === partition)) {
          expect(batch.records.length).toBeLessThanOrEqual(50);
          expect(batch.records[0]!.offset).toBe(expected);
          expect(batch.highWatermark).toBeGreaterThanOrEqual(batch.nextOffset);
          expected = batch.nextOffset;
        }
      }
    });

    it('Given two groups, when records are appended, then each group gets all of them', async () => {
      const seen = { first: 0, second: 0 };
      for (const name of ['first', 'second'] as const) {
        await subscribe({
          onBatch: async ({ records, nextOffset }) => {
            seen[name] += records.length;
            return { goOnFrom: nextOffset };
          },
        });
      }
      await appendToAll(10);
      await eventually(
        'both got all',
        () => seen.first === 10 * fixture.start.length && seen.second === 10 * fixture.start.length,
      );
    });

    it('Given a topic nobody subscribed to, when records are appended to it, then nothing happened', async () => {
      const topicsSeen = new Set<string>();
      await subscribe({
        onBatch: async (batch) => {
          topicsSeen.add(batch.topic);
          return { goOnFrom: batch.nextOffset };
        },
      });
      await current().log.append([{ topic: 'scores', key: fixture.partitionKeys[0]!, value: Buffer.from('other') }]);
      await appendToAll(1);
      await eventually('the subscribed topic arrived', () => topicsSeen.size > 0);
      expect([...topicsSeen]).toEqual([topic]);
    });

    it('Given a handler that rejects, when it is called again, then from the same position, while other partitions go on', async () => {
      const starts: number[] = [];
      const others: LogRecord[] = [];
      const failing: LogRecord[] = [];
      await appendToAll(5);

      await subscribe({
        onBatch: async (batch) => {
          if (batch.partition !== 0) {
            others.push(...batch.records);
            return { goOnFrom: batch.nextOffset };
          }
          starts.push(batch.records[0]!.offset);
          if (starts.length <= 3) throw new Error('not done');
          failing.push(...batch.records);
          return { goOnFrom: batch.nextOffset };
        },
      });

      await eventually(
        'the batch was done in the end',
        () => failing.length === 5 && others.length === 5 * (fixture.start.length - 1),
      );
      expect(starts.slice(0, 4)).toEqual([fixture.start[0], fixture.start[0], fixture.start[0], fixture.start[0]]);
      expect(textsOf(failing, 0)).toEqual(numbered(5));
    });

    it('Given a handler that asks for another offset, when it goes on, then from there: backwards and forwards', async () => {
      const firsts: number[] = [];
      const from = fixture.start[0]!;
      await appendToAll(10);
      const answers = [from + 4, from + 2, from + 8];

      await subscribe({
        maxBatchRecords: 100,
        onBatch: async (batch) => {
          if (batch.partition !== 0) return { goOnFrom: batch.nextOffset };
          firsts.push(batch.records[0]!.offset);
          return { goOnFrom: answers[firsts.length - 1] ?? batch.nextOffset };
        },
      });

      await eventually('four batches came', () => firsts.length >= 4);
      expect(firsts).toEqual([from, from + 4, from + 2, from + 8]);
    });

    it('Given a slow handler, when much is appended, then one batch of a partition is in hand at a time and memory stays bounded', async () => {
      let inHand = 0;
      let most = 0;
      let calls = 0;
      const release = Promise.withResolvers<void>();
      await subscribe({
        maxBatchRecords: 20,
        onBatch: async (batch) => {
          if (batch.partition !== 0) return { goOnFrom: batch.nextOffset };
          calls += 1;
          inHand += 1;
          most = Math.max(most, inHand);
          await release.promise;
          inHand -= 1;
          return { goOnFrom: batch.nextOffset };
        },
      });
      await appendToAll(1);
      await eventually('the handler has work', () => inHand === 1);
      const before = collectedExternalBytes();
      const value = Buffer.alloc(16 * 1024, 'x');
      for (let round = 0; round < 16; round += 1) {
        await current().log.append(
          Array.from({ length: 256 }, () => ({ topic, key: fixture.partitionKeys[0]!, value })),
        );
      }
      await sleep(500);

      expect(calls).toBe(1);
      expect(collectedExternalBytes() - before).toBeLessThan(48 * 1024 * 1024);
      release.resolve();
      await eventually('it goes on', () => calls > 5);
      expect(most).toBe(1);
    });

    it('Given a batch in hand, when the subscription is stopped, then its signal fires, stop waits for it, and nothing comes after', async () => {
      let done = false;
      let callsAfter = 0;
      const begun = Promise.withResolvers<void>();
      const subscription = await subscribe({
        onBatch: async ({ nextOffset }, signal) => {
          if (done) callsAfter += 1;
          begun.resolve();
          if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
          await sleep(20);
          done = true;
          return { goOnFrom: nextOffset };
        },
      });
      await current().log.append([{ topic, key: fixture.partitionKeys[0]!, value: Buffer.from('one') }]);
      await begun.promise;

      await subscription.stop();

      expect(done).toBe(true);
      await appendToAll(3);
      await sleep(100);
      expect(callsAfter).toBe(0);
    });

    it('Given positions that cannot be read, when a subscription starts, then it reports that and tries again', async () => {
      const errors: unknown[] = [];
      let asked = 0;
      let arrived = 0;
      await subscribe({
        startFrom: async (partitions) => {
          asked += 1;
          if (asked <= 2) throw new Error('positions are away');
          return partitions.map(({ partition }) => fixture.start[partition]!);
        },
        onError: (error) => errors.push(error),
        onBatch: async ({ records, nextOffset }) => {
          arrived += records.length;
          return { goOnFrom: nextOffset };
        },
      });
      await appendToAll(1);
      await eventually('records arrived', () => arrived === fixture.start.length);
      expect(errors.length).toBeGreaterThanOrEqual(2);
    });

    it('Given positions behind the end of the log, when a subscription starts, then it reports that and reads nothing', async () => {
      const errors: unknown[] = [];
      let calls = 0;
      await subscribe({
        startFrom: async (partitions) => partitions.map(({ partition }) => fixture.start[partition]! + 1_000_000),
        onError: (error) => errors.push(error),
        onBatch: async ({ nextOffset }) => {
          calls += 1;
          return { goOnFrom: nextOffset };
        },
      });
      await appendToAll(1);
      await eventually('it was reported', () => errors.length > 0);
      expect(String(errors[0])).toContain('another log');
      expect(calls).toBe(0);
    });
  });
}

function collectedExternalBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().external;
}
