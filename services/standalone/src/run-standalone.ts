import 'reflect-metadata';
import { ConfigError, describeError, loadConfig, stopOnSignal } from '@rapport/runtime';
import { childEnvironment } from './supervisor/child-environment.js';
import { describeEndpoints } from './supervisor/endpoints.js';
import { startStandalone } from './standalone.js';

try {
  const config = loadConfig();
  process.stdout.write(`Starting Rapport on ${config.dataDir} ...\n`);
  const running = await startStandalone(config, childEnvironment(config));
  stopOnSignal(async () => {
    process.stdout.write('\nStopping; everything acknowledged is on disk.\n');
    await running.stop();
  });
  process.stdout.write(`\n${describeEndpoints(running.endpoints, config.dataDir)}\n`);
} catch (error) {
  const text =
    error instanceof ConfigError ? error.message : `Rapport could not start: ${describeError(error).message}`;
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
