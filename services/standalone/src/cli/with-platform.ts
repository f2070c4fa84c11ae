import { createPlatform, loadConfigOf, type Platform, type RapportConfig } from '@rapport/runtime';
import { CommandError } from './command-error.js';
import { dataDirOf, notRunning, type DataDirOption } from './data-dir.js';
import { readEndpoints, unreachable } from './endpoints.js';

/**
 * Runs `work` on the log and the databases themselves, configured by the environment as a service is. A running embedded
 * Rapport says where its databases are. Errors: `CommandError` where none runs.
 */
export async function withPlatform<T>(options: DataDirOption, work: (platform: Platform) => Promise<T>): Promise<T> {
  const platform = createPlatform('cli', await runningConfig(configOf(options)), { hasSeveralReaders: false });
  try {
    return await work(platform);
  } catch (error) {
    if (isRefused(error)) throw unreachable(new URL(platform.config.postgres.url).host, error);
    throw error;
  } finally {
    await platform.close();
  }
}

function configOf(options: DataDirOption): RapportConfig {
  const dataDir = dataDirOf(options);
  const config = loadConfigOf(dataDir);
  if (config === undefined) throw notRunning(dataDir);
  return config;
}

async function runningConfig(config: RapportConfig): Promise<RapportConfig> {
  if (!config.postgres.embedded && !config.clickhouse.embedded) return quiet(config);
  const { postgres, clickhouse } = await readEndpoints({ dataDir: config.dataDir });
  return quiet({
    ...config,
    postgres: config.postgres.embedded ? { ...config.postgres, url: postgres } : config.postgres,
    clickhouse: config.clickhouse.embedded ? { ...config.clickhouse, url: clickhouse.url } : config.clickhouse,
  });
}

/** The log lines of the parts would run into the output of a command. */
function quiet(config: RapportConfig): RapportConfig {
  return { ...config, logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel };
}

function isRefused(error: unknown): boolean {
  return !(error instanceof CommandError) && error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}
