import 'reflect-metadata';
import { describeError, loadConfig, startApp, stopOnSignal } from '@rapport/runtime';
import { pipelineModules } from './modules.js';
import type { PipelineMessage } from './supervisor/pipeline-process.js';

// Without its parent nobody would stop it: a killed parent must not leave consumers behind.
process.on('disconnect', () => process.exit(1));

try {
  const config = loadConfig();
  const running = await startApp({
    name: 'pipeline',
    services: pipelineModules,
    config: { ...config, http: { host: '127.0.0.1', port: 0 } },
    usesPostgres: true,
  });
  stopOnSignal(() => running.stop());
  process.send?.({ kind: 'serving', url: running.url } satisfies PipelineMessage);
} catch (error) {
  process.stderr.write(`The consumers could not start: ${describeError(error).message}\n`);
  process.exit(1);
}
