import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFrom } from '../contract/log-reading.js';
import type { WorkerReport, WorkerTask } from '../contract/log-worker.js';
import { typescriptProcess } from '../contract/typescript-process.js';
import { createLmdbEventLog } from './lmdb-event-log.js';

describe('The log on LMDB, when the disk is full', () => {
  it('Given a file that may not grow beyond some megabytes, when appends reach it, then they are refused as unavailable, and nothing acknowledged is lost', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'rapport-log-'));
    const worker = fileURLToPath(new URL('../contract/log-worker.ts', import.meta.url));
    // The limit of the shell (blocks of 512 or 1024 bytes) makes writes fail as a full disk does.
    const limited = spawn(
      'bash',
      ['-c', 'ulimit -f 8000; exec "$0" "$@"', process.execPath, ...typescriptProcess().execArgv, worker],
      {
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      },
    );
    limited.send({
      kind: 'fill',
      config: { kind: 'embedded', folder, partitions: 2 },
      topic: 'touchpoints',
    } satisfies WorkerTask);

    const [report] = (await once(limited, 'message')) as [Extract<WorkerReport, { kind: 'refused' }>];
    const [exitCode] = (await once(limited, 'exit')) as [number | null];

    expect(exitCode).toBe(0);
    expect(report.appended).toBeGreaterThan(10);
    expect(report.errors).toHaveLength(4);
    for (const error of report.errors)
      expect(error).toMatch(/^EventLogUnavailableError: .* cannot write: .*disk is full/);
    const log = createLmdbEventLog({ folder, partitions: 2, clock: Date.now });
    const keys = (await readFrom(log, 'touchpoints', [0, 0])).map(({ key }) => key);
    expect(new Set(keys)).toEqual(new Set(Array.from({ length: report.appended }, (_, index) => `key-${index}`)));
    expect(keys).toHaveLength(report.appended);
    await expect(log.append([{ topic: 'touchpoints', key: 'again', value: Buffer.from('v') }])).resolves.toHaveLength(
      1,
    );
    await log.close();
    await rm(folder, { recursive: true });
  });
});
