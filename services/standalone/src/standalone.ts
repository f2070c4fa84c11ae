import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { createLogger, startApp, type RapportConfig } from '@rapport/runtime';
import { frontModules } from './modules.js';
import { startDatabases } from './supervisor/databases.js';
import { endpointsOf, writeEndpoints, type Endpoints } from './supervisor/endpoints.js';
import { lockDataFolder } from './supervisor/instance-lock.js';
import { startNightly } from './supervisor/nightly.js';
import { PipelineProcess } from './supervisor/pipeline-process.js';

export interface Standalone {
  readonly endpoints: Endpoints;
  /** Stops in the order of the flow: first what takes touchpoints, then what computes, last what keeps. */
  stop(): Promise<void>;
}

type Stop = () => Promise<void>;

/**
 * Starts all of Rapport on one data folder. `environment` is what child processes get. Whatever had been started is
 * stopped again when a later part cannot start.
 */
export async function startStandalone(
  config: RapportConfig,
  environment: Readonly<Record<string, string>>,
): Promise<Standalone> {
  const logger = createLogger('standalone', config.logLevel);
  const stops: Stop[] = [];
  const stop: Stop = async () => {
    rmSync(path.join(config.dataDir, 'endpoints.json'), { force: true });
    for (const stopPart of stops.reverse()) await stopPart();
  };
  try {
    const lock = await lockDataFolder(config.dataDir);
    stops.push(() => lock.release());
    await refuseTakenPort(config);
    const pipeline = new PipelineProcess(environment, logger);
    stops.push(() => pipeline.stop());
    const databases = await startDatabases(config, logger);
    // Behind the lock, before the consumers: whoever starts next finds the databases free.
    stops.splice(1, 0, () => databases.stop());
    const [front, consumers] = await Promise.all([
      startApp({
        name: 'front',
        services: frontModules,
        config,
        usesPostgres: true,
        checks: { consumers: () => pipeline.isReady() },
      }).then((app) => {
        stops.push(() => app.stop());
        return app;
      }),
      pipeline.begin(),
    ]);
    stops.push(startNightly(environment, logger, { hour: 3, now: Date.now }));
    const endpoints = endpointsOf(config, front.url, consumers);
    writeEndpoints(config.dataDir, endpoints);
    return { endpoints, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Found out before anything is started, so that the error names the port and nothing has to be undone. */
function refuseTakenPort({ http }: RapportConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', () =>
      reject(new Error(`Port ${http.port} is taken by another program. Stop it, or set RAPPORT_HTTP_PORT.`)),
    );
    probe.listen(http.port, http.host, () => probe.close(() => resolve()));
  });
}
