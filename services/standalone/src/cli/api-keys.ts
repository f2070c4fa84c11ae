import { analystOf } from '@rapport/analytics-db';
import type { ApiKeyRecorded } from '@rapport/events';
import { ApiKeys, loadWorkspaces, type ApiScope, type Platform } from '@rapport/runtime';
import { CommandError } from './command-error.js';
import { type DataDirOption } from './data-dir.js';
import { withPlatform } from './with-platform.js';

/** A key as one may look at it. Times are ISO 8601. */
export interface ListedKey {
  readonly id: string;
  readonly workspace: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly created: string;
  readonly expires: string | null;
  readonly replacedBy: string | null;
}

export interface KeyToCreate {
  readonly workspaceId: string;
  readonly name: string;
  readonly scopes: readonly ApiScope[];
  /** Days from now; without it the key lasts until it is revoked. */
  readonly days: number | undefined;
}

const dayMs = 86_400_000;

/** The keys stand on the log, so whoever holds the secrets of the installation may make them for any workspace. */
function withKeys<T>(options: DataDirOption, work: (keys: ApiKeys, platform: Platform) => Promise<T>): Promise<T> {
  return withPlatform(options, async (platform) => {
    const { eventLog, codec, clock, config } = platform;
    return work(new ApiKeys({ eventLog, codec, clock, installationKey: config.secrets.apiKey }), platform);
  });
}

export function createKey(
  options: DataDirOption,
  { workspaceId, name, scopes, days }: KeyToCreate,
): Promise<{ id: string; key: string }> {
  return withKeys(options, async (keys, platform) => {
    await refuseUnknownWorkspace(platform, workspaceId);
    const expiresAt = days === undefined ? null : platform.clock() + days * dayMs;
    const { key, record } = await keys.create({ workspaceId, name, scopes, expiresAt });
    await note(platform, 'api-key.created', record);
    return { id: record.apiKeyId, key };
  });
}

export function listKeys(options: DataDirOption): Promise<readonly ListedKey[]> {
  return withKeys(options, async (keys) =>
    (await keys.list()).map((key) => ({
      id: key.apiKeyId,
      workspace: key.workspaceId,
      name: key.name,
      scopes: key.scopes,
      created: new Date(key.createdAt).toISOString(),
      expires: key.expiresAt === null ? null : new Date(key.expiresAt).toISOString(),
      replacedBy: key.replacedBy,
    })),
  );
}

export function rotateKey(
  options: DataDirOption,
  id: string,
  overlapDays: number,
): Promise<{ id: string; key: string }> {
  return withKeys(options, async (keys, platform) => {
    const created = await keys.rotate(id, overlapDays * dayMs);
    if (created === undefined) throw unknownKey(id);
    await note(platform, 'api-key.rotated', created.record, { replaces: id });
    return { id: created.record.apiKeyId, key: created.key };
  });
}

export function revokeKey(options: DataDirOption, id: string): Promise<void> {
  return withKeys(options, async (keys, platform) => {
    const known = (await keys.list()).find(({ apiKeyId }) => apiKeyId === id);
    if (known === undefined || !(await keys.revoke(id))) throw unknownKey(id);
    await note(platform, 'api-key.revoked', known);
  });
}

/** In the audit log of the workspace that the key opens. */
function note(
  { audit }: Platform,
  action: string,
  { workspaceId, apiKeyId, scopes }: Pick<ApiKeyRecorded, 'workspaceId' | 'apiKeyId' | 'scopes'>,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const details = { scopes: scopes.join(','), ...more };
  return audit.record({ workspaceId, actor: 'cli', action, target: apiKeyId, details });
}

/** The ClickHouse user that asks for one workspace. */
export function sqlUserOf(
  options: DataDirOption,
  workspaceId: string,
): Promise<{ url: string; username: string; password: string }> {
  return withPlatform(options, async (platform) => {
    await refuseUnknownWorkspace(platform, workspaceId);
    const { url, analyst } = platform.config.clickhouse;
    return { url, ...analystOf(analyst, workspaceId) };
  });
}

async function refuseUnknownWorkspace({ config }: Platform, workspaceId: string): Promise<void> {
  const known = (await loadWorkspaces(config)).map(({ id }) => id);
  if (known.includes(workspaceId)) return;
  throw new CommandError(`There is no workspace ${workspaceId}.`, {
    hint: `Declared are ${known.join(', ')}; add a file to definitions/sources for another one.`,
  });
}

function unknownKey(id: string): CommandError {
  return new CommandError(`There is no API key ${id}.`, { hint: 'rapport keys list prints the ids.' });
}
