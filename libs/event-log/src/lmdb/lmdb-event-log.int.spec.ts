import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeEventLog } from '../contract/event-log.contract.js';
import { createLmdbEventLog } from './lmdb-event-log.js';

describeEventLog('The log on LMDB', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'rapport-log-'));
  return {
    config: { kind: 'embedded', folder, partitions: 4 },
    open: async () => createLmdbEventLog({ folder, partitions: 4, clock: Date.now }),
    dispose: () => rm(folder, { recursive: true }),
  };
});
