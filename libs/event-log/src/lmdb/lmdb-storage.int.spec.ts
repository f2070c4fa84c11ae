import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { highs, readFrom } from '../contract/log-reading.js';
import { createLmdbEventLog, type LmdbEventLog, tombstoneRetentionMs } from './lmdb-event-log.js';

describe('The log on LMDB', () => {
  let folder: string;
  let now: number;
  let log: LmdbEventLog;
  const open = (partitions = 2) => createLmdbEventLog({ folder, partitions, clock: () => now });

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rapport-log-'));
    now = Date.UTC(2026, 0, 1);
    log = open();
    await log.ensureTopics();
  });

  afterEach(async () => {
    await log.close();
    await rm(folder, { recursive: true });
  });

  const appendKey = (key: string, text: string | null) =>
    log.append([{ topic: 'subject-keys', key, value: text === null ? null : Buffer.from(text) }]);
  const readKeys = async () =>
    (await readFrom(log, 'subject-keys', [0, 0])).map(({ key, value, offset }) => ({
      key,
      offset,
      text: value && String(value),
    }));

  it('Given a compacted topic, when it is compacted, then the newest record of each key stays, at its offset, and new ones go on behind', async () => {
    await log.append(
      Array.from({ length: 9000 }, (_, index) => ({
        topic: 'subject-keys' as const,
        key: `key-${index % 30}`,
        value: Buffer.from(`${index}`.padEnd(100)),
      })),
    );
    const before = await log.bounds('subject-keys');
    const offsets = new Map((await readKeys()).map(({ key, offset }) => [key, offset]));

    await log.compact('subject-keys');

    const kept = await readKeys();
    expect(kept).toHaveLength(30);
    expect(new Map(kept.map(({ key, offset }) => [key, offset]))).toEqual(offsets);
    expect(kept.map(({ text }) => Number(text)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 30 }, (_, index) => 8970 + index),
    );
    expect(await log.bounds('subject-keys')).toEqual(before);
    const [position] = await appendKey('key-0', 'newer');
    expect(position!.offset).toBe(before[position!.partition]!.high);
    expect((await readKeys()).filter(({ key }) => key === 'key-0')).toHaveLength(2);
  });

  it('Given a tombstone, when compacted, then what it deletes is gone at once and the tombstone itself after its time', async () => {
    await appendKey('erased', 'secret');
    await appendKey('kept', 'here');
    await appendKey('erased', null);

    await log.compact('subject-keys');
    expect((await readKeys()).map(({ key, text }) => [key, text])).toEqual(
      expect.arrayContaining([
        ['kept', 'here'],
        ['erased', null],
      ]),
    );
    expect(await readKeys()).toHaveLength(2);

    now += tombstoneRetentionMs + 1;
    await log.compact('subject-keys');
    expect((await readKeys()).map(({ key }) => key)).toEqual(['kept']);
  });

  it('Given a compacted log with holes, when a subscription starts in a hole, then it goes on behind it', async () => {
    for (let count = 0; count < 20; count += 1) await appendKey('only', `${count}`);
    await log.compact('subject-keys');
    const got: string[] = [];
    const end = Promise.withResolvers<void>();

    const subscription = await log.subscribe({
      group: 'g',
      topics: ['subject-keys'],
      startFrom: async (partitions) => partitions.map(() => 0),
      onBatch: async ({ records, nextOffset }) => {
        got.push(...records.map(({ value }) => String(value)));
        end.resolve();
        return { goOnFrom: nextOffset };
      },
    });

    await end.promise;
    await subscription.stop();
    expect(got).toEqual(['19']);
  });

  it('Given a topic where every record counts, when asked to compact it, then it refuses', async () => {
    await expect(log.compact('touchpoints')).rejects.toThrow('not compacted');
  });

  it('Given old and new records, when the topic is trimmed, then the old are gone, low is raised, and other topics are as before', async () => {
    const append = (topic: 'touchpoints' | 'scores', text: string) =>
      log.append(Array.from({ length: 10 }, (_, index) => ({ topic, key: `${index}`, value: Buffer.from(text) })));
    for (let count = 0; count < 100; count += 1) await append('touchpoints', 'old');
    await append('scores', 'old');
    const middle = await highs(log, 'touchpoints');
    now += 1000;
    await append('touchpoints', 'new');

    await log.trim('touchpoints', now);

    const read = await readFrom(log, 'touchpoints', [0, 0]);
    expect(read.map(({ value }) => String(value))).toEqual(Array.from({ length: 10 }, () => 'new'));
    expect((await log.bounds('touchpoints')).map(({ low }) => low)).toEqual(middle);
    expect(await readFrom(log, 'scores', [0, 0])).toHaveLength(10);
  });

  it('Given everything is older, when the topic is trimmed, then it is empty and offsets go on', async () => {
    const [position] = await log.append([{ topic: 'scores', key: 'k', value: Buffer.from('old') }]);
    await log.trim('scores', now + 1);
    expect(await readFrom(log, 'scores', [0, 0])).toEqual([]);
    const [next] = await log.append([{ topic: 'scores', key: 'k', value: Buffer.from('new') }]);
    expect(next!.offset).toBe(position!.offset + 1);
  });

  it('Given topics with two partitions, when opened with another count, then the count stays', async () => {
    await log.close();
    log = open(16);
    await log.ensureTopics();
    expect(await log.bounds('touchpoints')).toHaveLength(2);
  });

  it('Given a long linger, when a batch fills, then it is handed over without waiting for the time to pass', async () => {
    const batches: number[] = [];
    const full = Promise.withResolvers<void>();
    const subscription = await log.subscribe({
      group: 'g',
      topics: ['touchpoints'],
      maxBatchRecords: 10,
      lingerMs: 3_600_000,
      startFrom: async (partitions) => partitions.map(() => 0),
      onBatch: async ({ records, nextOffset }) => {
        batches.push(records.length);
        full.resolve();
        return { goOnFrom: nextOffset };
      },
    });
    const one = { topic: 'touchpoints', key: 'k', value: Buffer.from('v') } as const;
    for (let count = 0; count < 9; count += 1) await log.append([one]);
    await sleep(100);
    expect(batches).toEqual([]);

    await log.append([one]);

    await full.promise;
    expect(batches).toEqual([10]);
    await subscription.stop();
  });

  it('Given a closed log, when something is appended, then it is refused as unavailable', async () => {
    await log.close();
    await expect(log.append([{ topic: 'scores', key: 'k', value: null }])).rejects.toMatchObject({
      name: 'EventLogUnavailableError',
    });
  });

  it('Given a key that is too long for the log, when appended, then the error says so and nothing happened', async () => {
    const before = await log.bounds('scores');
    const records = [
      { topic: 'scores', key: 'fine', value: Buffer.from('v') },
      { topic: 'scores', key: 'x'.repeat(70_000), value: Buffer.from('v') },
    ] as const;
    await expect(log.append(records)).rejects.toThrow('70000 bytes');
    expect(await log.bounds('scores')).toEqual(before);
  });
});
