import 'reflect-metadata';
import { once } from 'node:events';
import { describeError, loadConfig, startApp } from '@rapport/runtime';
import { pipelineModules } from './modules.js';
import type { PipelineMessage } from './supervisor/pipeline-process.js';
import { letOthersGoFirst } from './supervisor/priority.js';

// The channel may be closed by now: a parent that is gone needs no message, and `pipeline-main` ends us.
const say = (message: PipelineMessage): void => void process.send?.(message, () => undefined);

try {
  const config = loadConfig();
  // The parent lets it begin once the databases answer; until then it has loaded its code.
  const mayBegin = once(process, 'message');
  say({ kind: 'loaded' });
  await mayBegin;
  const running = await startApp({
    name: 'pipeline',
    services: pipelineModules,
    config: { ...config, http: { host: '127.0.0.1', port: 0 } },
    usesPostgres: true,
    // Its server's processes work for the consumers alone, and go last as they do.
    ...(config.postgres.embedded && { onPostgresProcess: (pid) => void letOthersGoFirst(pid) }),
  });
  process.once('SIGTERM', () => {
    running.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
  say({ kind: 'serving', url: running.url });
} catch (error) {
  process.stderr.write(`The consumers could not start: ${describeError(error).message}\n`);
  process.exit(1);
}
