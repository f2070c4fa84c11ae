import { randomUUID } from 'node:crypto';
import type { TopicName } from '@rapport/events';
import type { EventLogConfig } from '../create-event-log.js';
import { partitionOfKey } from '../partitioning/partition-of-key.js';
import type { EventLog, LogRecord, RecordToAppend } from '../port/event-log.js';
import { describeSubscriptions } from './subscription.contract.js';
import { describeSubscriptionGroups } from './subscription-groups.contract.js';
import { highs, readFrom } from './log-reading.js';

export interface LogUnderTest {
  /** With this, any process opens the log under test. */
  readonly config: EventLogConfig;
  open(): Promise<EventLog>;
  dispose(): Promise<void>;
}

/**
 * What every adapter of the event log keeps. The log may hold records of earlier tests: each test looks only at what lies
 * behind the bounds it saw first.
 */
export function describeEventLog(name: string, start: () => Promise<LogUnderTest>): void {
  describe(`${name} keeps the contract of the event log`, () => {
    let underTest: LogUnderTest;
    let log: EventLog;

    beforeAll(async () => {
      underTest = await start();
      log = await underTest.open();
      await log.ensureTopics();
    });

    afterAll(async () => {
      await log?.close();
      await underTest?.dispose();
    });

    const current = () => ({ underTest, log });
    describeAppending(current);
    describeReading(current);
    describeSubscriptions(current);
    describeSubscriptionGroups(current);
  });
}

type Current = () => { readonly underTest: LogUnderTest; readonly log: EventLog };

const topic = 'touchpoints' satisfies TopicName;

function recordsOf(keys: readonly string[], count: number): RecordToAppend[] {
  return Array.from({ length: count }, (_, index) => ({
    topic,
    key: keys[index % keys.length]!,
    value: Buffer.from(`value ${index}`),
  }));
}

function describeAppending(current: Current): void {
  describe('appending', () => {
    it('Given records of several keys, when they are appended, then each lies on its key’s partition, at the position answered, in order', async () => {
      const { log } = current();
      const before = await highs(log, topic);
      const records = recordsOf(['anna', 'ben', 'chloé', '渡辺', ''], 500);

      const positions = await log.append(records);

      expect(positions).toHaveLength(500);
      const appended = await readFrom(log, topic, before);
      expect(appended).toHaveLength(500);
      const byPlace = new Map(appended.map((record) => [`${record.partition}/${record.offset}`, record]));
      positions.forEach(({ partition, offset }, index) => {
        const { key, value } = records[index]!;
        expect(partition).toBe(partitionOfKey(Buffer.from(key), before.length));
        expect(byPlace.get(`${partition}/${offset}`)).toEqual(expect.objectContaining({ key, value }));
      });
      for (const key of ['anna', 'ben', 'chloé', '渡辺', '']) {
        const ofKey = records.filter((record) => record.key === key).map(({ value }) => String(value));
        expect(appended.filter((record) => record.key === key).map(({ value }) => String(value))).toEqual(ofKey);
      }
    });

    it('Given appends at the same time, when all are answered, then every record has a position of its own and none is missing', async () => {
      const { log } = current();
      const before = await highs(log, topic);

      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => log.append(recordsOf([`writer-${index}`, 'everyone'], 20))),
      );

      const places = answers.flat().map(({ partition, offset }) => `${partition}/${offset}`);
      expect(new Set(places).size).toBe(1000);
      const appended = await readFrom(log, topic, before);
      expect(new Set(appended.map(({ partition, offset }) => `${partition}/${offset}`))).toEqual(new Set(places));
    });

    it('Given records with headers, an origin, no value, an empty value, when read, then each comes back as it was', async () => {
      const { log } = current();
      const before = await highs(log, 'subject-keys');
      const origin = { producer: 'resolve', topic, partition: 3, offset: 2 ** 40 + 7, sequence: 12 } as const;
      const records: RecordToAppend[] = [
        {
          topic: 'subject-keys',
          key: 'k',
          value: Buffer.from([0, 255, 13, 10, 0]),
          headers: { traceparent: '00-ab', 'x-ü': 'ñ 渡\n' },
        },
        { topic: 'subject-keys', key: 'k', value: Buffer.from('second'), origin },
        { topic: 'subject-keys', key: 'k', value: Buffer.alloc(0), origin, headers: { reason: '' } },
        { topic: 'subject-keys', key: 'k', value: null },
      ];
      const startedAt = Date.now();

      await log.append(records);

      const read = await readFrom(log, 'subject-keys', before);
      expect(read.map(({ key, value, headers, origin: from }) => ({ key, value, headers, origin: from }))).toEqual(
        records.map(({ key, value, headers = {}, origin: from }) => ({ key, value, headers, origin: from })),
      );
      for (const { appendedAt } of read) {
        expect(appendedAt).toBeGreaterThan(startedAt - 60_000);
        expect(appendedAt).toBeLessThan(Date.now() + 60_000);
      }
    });

    it('Given values of one megabyte, when ten of one key are appended together, then they come back byte for byte', async () => {
      const { log } = current();
      const before = await highs(log, topic);
      const values = Array.from({ length: 10 }, (_, index) => Buffer.alloc(1_000_000, `${index} of ten; `));

      await log.append(values.map((value) => ({ topic, key: 'big', value })));

      const read = await readFrom(log, topic, before);
      expect(read).toHaveLength(10);
      read.forEach(({ value }, index) => expect(value?.equals(values[index]!)).toBe(true));
    });

    it('Given nothing to append, when appended, then nothing happened', async () => {
      const { log } = current();
      const before = await highs(log, topic);
      expect(await log.append([])).toEqual([]);
      expect(await highs(log, topic)).toEqual(before);
    });

    it('Given an answered append, when the log is closed and opened again, then the records are there and offsets go on', async () => {
      const { underTest, log } = current();
      const before = await highs(log, topic);
      const first = await underTest.open();
      const [position] = await first.append([{ topic, key: 'durable', value: Buffer.from('1') }]);
      await first.close();

      const second = await underTest.open();
      const [next] = await second.append([{ topic, key: 'durable', value: Buffer.from('2') }]);

      const read = await readFrom(second, topic, before);
      await second.close();
      expect(read.map(({ value }) => String(value))).toEqual(['1', '2']);
      expect(next!.offset).toBeGreaterThan(position!.offset);
    });

    it('Given topics that exist, when ensureTopics is called again with another partition count, then nothing happened', async () => {
      const { underTest, log } = current();
      const before = await log.bounds(topic);
      const other = await underTest.open();
      await other.ensureTopics();
      await other.close();
      expect(await log.bounds(topic)).toEqual(before);
    });
  });
}

function describeReading(current: Current): void {
  describe('reading', () => {
    async function appendOnePartition(count: number): Promise<LogRecord[]> {
      const { log } = current();
      const before = await highs(log, topic);
      await log.append(recordsOf([randomUUID()], count));
      return readFrom(log, topic, before);
    }

    async function readRange(partition: number, from: number, to?: number): Promise<number[]> {
      const offsets: number[] = [];
      for await (const chunk of current().log.read({ topic, partition, from, to })) {
        offsets.push(...chunk.map(({ offset }) => offset));
      }
      return offsets;
    }

    it('Given a run of records, when a range is read, then it holds from but not to', async () => {
      const records = await appendOnePartition(100);
      const { partition } = records[0]!;
      const offsets = records.map(({ offset }) => offset);

      expect(await readRange(partition, offsets[10]!, offsets[20]!)).toEqual(offsets.slice(10, 20));
      expect(await readRange(partition, offsets[99]!)).toEqual([offsets[99]!]);
      expect(await readRange(partition, offsets[99]!, offsets[99]! + 1000)).toEqual([offsets[99]!]);
      expect(await readRange(partition, offsets[50]!, offsets[50]!)).toEqual([]);
      expect(await readRange(partition, offsets[99]! + 1)).toEqual([]);
    });

    it('Given a read without an end, when records are appended meanwhile, then it ends where the log ended at its start', async () => {
      const { log } = current();
      const records = await appendOnePartition(3000);
      const { partition, key } = records[0]!;
      const seen: number[] = [];

      for await (const chunk of log.read({ topic, partition, from: records[0]!.offset })) {
        seen.push(...chunk.map(({ offset }) => offset));
        await log.append([{ topic, key, value: Buffer.from('later') }]);
      }

      expect(seen).toEqual(records.map(({ offset }) => offset));
    });

    it('Given partitions, when asked for their bounds, then high is the offset the next record gets', async () => {
      const { log } = current();
      const bounds = await log.bounds(topic);
      expect(bounds.map(({ partition }) => partition)).toEqual(bounds.map((_, index) => index));

      const [position] = await log.append([{ topic, key: randomUUID(), value: Buffer.from('next') }]);

      expect(position!.offset).toBe(bounds[position!.partition]!.high);
      for (const { low, high } of bounds) expect(low).toBeLessThanOrEqual(high);
    });
  });
}
