import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EventLogConfig } from '../create-event-log.js';
import { eventually, readFrom } from '../contract/log-reading.js';
import type { WorkerReport, WorkerTask } from '../contract/log-worker.js';
import { typescriptProcess } from '../contract/typescript-process.js';
import { createLmdbEventLog } from './lmdb-event-log.js';

const rounds = 12;
const partitions = 3;

describe('The log on LMDB, when writers are killed', () => {
  let folder: string;
  const workers = new Set<ChildProcess>();

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rapport-log-'));
  });

  afterEach(async () => {
    for (const worker of workers) worker.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  function startWriter(writer: string, acknowledged: Set<string>): ChildProcess {
    const worker = fork(new URL('../contract/log-worker.ts', import.meta.url), typescriptProcess());
    const config: EventLogConfig = { kind: 'embedded', folder, partitions };
    worker.on('message', (report: WorkerReport) => {
      if (report.kind === 'appended') acknowledged.add(`${writer} ${report.through}`);
    });
    worker.send({ kind: 'append', config, writer, topic: 'touchpoints' } satisfies WorkerTask);
    workers.add(worker);
    worker.once('exit', () => workers.delete(worker));
    return worker;
  }

  async function expectWhole(acknowledged: ReadonlySet<string>): Promise<void> {
    const log = createLmdbEventLog({ folder, partitions, clock: Date.now });
    const records = await readFrom(log, 'touchpoints', [0, 0, 0]);
    const parts = new Map<string, number>();
    for (let partition = 0; partition < partitions; partition += 1) {
      const offsets = records.filter((record) => record.partition === partition).map(({ offset }) => offset);
      expect(offsets).toEqual(offsets.map((_, index) => index));
      expect((await log.bounds('touchpoints'))[partition]!.high).toBe(offsets.length);
    }
    for (const { value } of records) {
      const [writer, count] = String(value).split(' ');
      parts.set(`${writer} ${count}`, (parts.get(`${writer} ${count}`) ?? 0) + 1);
    }
    await log.close();
    // An append is there whole or not at all, once, and an acknowledged one is there.
    expect([...parts].filter(([, count]) => count !== 5)).toEqual([]);
    expect([...acknowledged].filter((append) => !parts.has(append))).toEqual([]);
  }

  it(`Given two processes that append, when one after the other is killed at any moment, ${rounds} times, then nothing acknowledged is lost, torn or doubled`, async () => {
    const log = createLmdbEventLog({ folder, partitions, clock: Date.now });
    await log.ensureTopics();
    await log.close();
    const acknowledged = new Set<string>();
    let living = startWriter('writer-0', acknowledged);

    for (let round = 1; round <= rounds; round += 1) {
      const dying = living;
      const before = acknowledged.size;
      living = startWriter(`writer-${round}`, acknowledged);
      await eventually('the new writer appends', () =>
        [...acknowledged].some((append) => append.startsWith(`writer-${round} `)),
      );
      await eventually('both have appended more', () => acknowledged.size > before + 20 + round * 7);
      dying.kill('SIGKILL');
      await once(dying, 'exit');
    }
    const alone = acknowledged.size;
    await eventually('the last writer goes on alone', () => acknowledged.size > alone + 20);
    living.kill('SIGKILL');
    await once(living, 'exit');

    await expectWhole(acknowledged);
  });
});
