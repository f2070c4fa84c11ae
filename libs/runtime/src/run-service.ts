import 'reflect-metadata';
import { setTimeout as pause } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { migratePostgres } from '@rapport/profile-db';
import path from 'node:path';
import { loadConfig, ConfigError } from './config/load-config.js';
import { describeError } from './consumer/run-consumer.js';
import { noteDefinitions } from './audit/note-definitions.js';
import { restoreAudit } from './audit/read-audit.js';
import { restoreErasures } from './erasure/known-erasures.js';
import { createApp, type ServiceModule } from './http/create-app.js';
import { createPlatform, type ClosablePlatform, type PlatformOptions } from './platform/create-platform.js';
import type { RapportConfig } from './config/config.js';

export interface RunningApp {
  readonly url: string;
  readonly app: NestFastifyApplication;
  /**
   * Stops taking work, finishes what is in hand, closes everything. After `stopWithinMs` it resolves with work in hand:
   * the process may end then, and what was not committed is done again after the next start.
   */
  stop(): Promise<void>;
}

const defaultStopWithinMs = 10_000;

export interface AppOptions extends Pick<PlatformOptions, 'onPostgresProcess'> {
  readonly name: string;
  readonly services: readonly ServiceModule[];
  readonly config: RapportConfig;
  /** Consumers need their tables; a process that only needs the log must start without PostgreSQL. */
  readonly usesPostgres: boolean;
  /** Parts outside this process that it is not ready without, by name. */
  readonly checks?: Readonly<Record<string, () => Promise<unknown>>>;
  /** How long `stop` may wait for work in hand, milliseconds; 10,000 when not given. */
  readonly stopWithinMs?: number;
}

/** Starts the given services in this process. */
export async function startApp(options: AppOptions): Promise<RunningApp> {
  const { name, services, config, usesPostgres, checks = {}, stopWithinMs = defaultStopWithinMs } = options;
  const platform = createPlatform(name, config, options);
  for (const [part, check] of Object.entries(checks)) platform.health.register(part, check);
  try {
    await platform.eventLog.ensureTopics();
    if (usesPostgres) {
      await migratePostgres(platform.postgres, path.join(config.schemasDir, 'postgres'));
      await restoreErasures(platform);
      await restoreAudit(platform);
      await noteDefinitions(platform);
    }
    const app = await createApp(services, platform);
    await app.listen(config.http.port, config.http.host);
    const url = await app.getUrl();
    platform.logger.info({ url }, 'serving');
    return { url, app, stop: () => stopApp(app, platform, stopWithinMs) };
  } catch (error) {
    await platform.close().catch(() => undefined);
    throw explainPort(error, config);
  }
}

async function stopApp(app: NestFastifyApplication, platform: ClosablePlatform, withinMs: number): Promise<void> {
  platform.health.startDraining();
  const closed = app.close().then(() => platform.close());
  const timer = new AbortController();
  const late = pause(withinMs, 'late', { signal: timer.signal }).catch(() => 'in time');
  const outcome = await Promise.race([closed, late]).finally(() => timer.abort());
  if (outcome === 'late')
    platform.logger.warn({ withinMs }, 'stopped with work in hand; it is done again at the next start');
  else platform.logger.info('stopped');
}

/** `main.ts` of a service: starts it from the environment and stops it on SIGTERM or SIGINT. */
export async function runService(
  name: string,
  services: ServiceModule | readonly ServiceModule[],
  { usesPostgres = true }: { readonly usesPostgres?: boolean } = {},
): Promise<void> {
  try {
    const modules = Array.isArray(services) ? (services as readonly ServiceModule[]) : [services as ServiceModule];
    const running = await startApp({ name, services: modules, config: loadConfig(), usesPostgres });
    stopOnSignal(() => running.stop());
  } catch (error) {
    const text =
      error instanceof ConfigError ? error.message : `${name} could not start: ${describeError(error).message}`;
    process.stderr.write(`${text}\n`);
    process.exit(1);
  }
}

/** A Ctrl-C comes from the terminal and once more from npm, which hands it on. */
const sameSignalMs = 1_000;

/** Runs `stop` once on the first SIGTERM or SIGINT and exits; another signal later than a second after it exits at once. */
export function stopOnSignal(stop: () => Promise<void>): void {
  let stoppingSince: number | undefined;
  const onSignal = (): void => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > sameSignalMs) process.exit(130);
      return;
    }
    stoppingSince = performance.now();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`Stopping failed: ${describeError(error).message}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

function explainPort(error: unknown, { http }: RapportConfig): unknown {
  if ((error as { code?: unknown } | null)?.code !== 'EADDRINUSE') return error;
  return new Error(`Port ${http.port} is taken by another program; stop it or set RAPPORT_HTTP_PORT`, { cause: error });
}
