import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { typescriptProcess } from '../contract/typescript-process.js';
import { openLmdbStore } from './lmdb-store.js';

const program = fileURLToPath(new URL('./testing/ends-amid-a-write.ts', import.meta.url));

describe('A process that exits amid a write to LMDB', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rapport-log-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function endsAmidAWrite(how: 'exit' | 'error' | 'error-in-thread'): Promise<string> {
    const child = spawn(process.execPath, [...typescriptProcess().execArgv, program, folder, how], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    // Only against a process that never ends: what comes out then is that it was this.
    const giveUp = setTimeout(() => child.kill('SIGTERM'), 20_000);
    const [said, [, signal]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    clearTimeout(giveUp);
    expect(signal).toBe('SIGKILL');
    return said;
  }

  async function canWrite(): Promise<void> {
    const store = openLmdbStore(folder);
    await store.write(() => store.putBounds('touchpoints', [{ topic: 'touchpoints', partition: 0, low: 0, high: 1 }]));
    expect(store.bounds('touchpoints')).toHaveLength(1);
    await store.close();
  }

  it('Given one that exits, then it ends, and others can write', async () => {
    expect(await endsAmidAWrite('exit')).toBe('');
    await canWrite();
  });

  it.each(['error', 'error-in-thread'] as const)(
    'Given an %s that nobody caught, then it is said, and others can write',
    async (how) => {
      expect(await endsAmidAWrite(how)).toContain('nobody caught this');
      await canWrite();
    },
  );
});
