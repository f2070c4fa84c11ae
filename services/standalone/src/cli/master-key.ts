import { setTimeout as pause } from 'node:timers/promises';
import { masterKeyNoticeMs, type KeyRotation } from '@rapport/event-log';
import { addMasterKey, forgetOlderMasterKeys, loadConfig } from '@rapport/runtime';
import { CommandError } from './command-error.js';
import { withPlatform } from './with-platform.js';

export interface MasterKeyUse {
  readonly masterKeyId: string;
  readonly dataKeys: number;
  readonly current: boolean;
}

export interface RotateOptions {
  readonly forgetOlder: boolean;
  readonly onProgress: (done: number, total: number) => void;
}

export function readMasterKeyUse(): Promise<MasterKeyUse[]> {
  return withPlatform(async ({ vault }) =>
    [...(await vault.keysByMasterKey())].map(([masterKeyId, dataKeys], index) => ({
      masterKeyId,
      dataKeys,
      current: index === 0,
    })),
  );
}

/** Errors: `CommandError` where the master key comes from the environment. */
export async function makeMasterKey(): Promise<void> {
  const { dataDir, secrets } = loadConfig();
  requireFile(secrets.masterKeysInFile);
  addMasterKey(dataDir);
}

export async function rotate({ forgetOlder, onProgress }: RotateOptions): Promise<KeyRotation> {
  return withPlatform(async ({ config, vault }) => {
    if (forgetOlder) requireFile(config.secrets.masterKeysInFile);
    const rotated = await vault.rotateMasterKey(onProgress);
    if (!forgetOlder) return rotated;
    // Until the running processes have noticed, a new person's key may still be wrapped the old way.
    await pause(2 * masterKeyNoticeMs);
    const late = await vault.rotateMasterKey();
    forgetOlderMasterKeys(config.dataDir);
    return { total: late.total, rewrapped: rotated.rewrapped + late.rewrapped };
  });
}

function requireFile(masterKeysInFile: boolean): void {
  if (masterKeysInFile) return;
  throw new CommandError('The master key is set by RAPPORT_MASTER_KEY, so this command does not change it.', {
    hint:
      'Give every process the new key in RAPPORT_MASTER_KEY and the one before in RAPPORT_OLDER_MASTER_KEYS, restart them, run\n' +
      'rapport master-key rotate, then take RAPPORT_OLDER_MASTER_KEYS away.',
  });
}
