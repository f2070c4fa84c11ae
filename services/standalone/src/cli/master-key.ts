import { setTimeout as pause } from 'node:timers/promises';
import { masterKeyNoticeMs, type KeyRotation, type SubjectVault } from '@rapport/event-log';
import { addMasterKey, forgetOlderMasterKeys, withKeyWork } from '@rapport/runtime';
import { CommandError } from './command-error.js';
import { type DataDirOption } from './data-dir.js';
import { withPlatform } from './with-platform.js';

export interface MasterKeyUse {
  readonly masterKeyId: string;
  readonly dataKeys: number;
  readonly current: boolean;
}

export interface RotateOptions extends DataDirOption {
  readonly forgetOlder: boolean;
  readonly onProgress: (done: number, total: number) => void;
}

export function readMasterKeyUse(options: DataDirOption): Promise<MasterKeyUse[]> {
  return withPlatform(options, async ({ vault }) =>
    [...(await vault.keysByMasterKey())].map(([masterKeyId, dataKeys], index) => ({
      masterKeyId,
      dataKeys,
      current: index === 0,
    })),
  );
}

/** Errors: `CommandError` where the master key comes from the environment. */
export function makeMasterKey(options: DataDirOption): Promise<void> {
  return withPlatform(options, async ({ config: { dataDir, secrets }, audit }) => {
    requireFile(secrets.masterKeysInFile);
    addMasterKey(dataDir);
    await audit.record({ workspaceId: 'default', actor: 'cli', action: 'master-key.made', target: '' });
  });
}

export async function rotate({ forgetOlder, onProgress, ...options }: RotateOptions): Promise<KeyRotation> {
  return withPlatform(options, async ({ config, vault, postgres, audit }) => {
    if (forgetOlder) requireFile(config.secrets.masterKeysInFile);
    const worked = await withKeyWork(postgres, async () => {
      const rotated = await rotateTwice(vault, onProgress, forgetOlder);
      if (forgetOlder) forgetOlderMasterKeys(config.dataDir);
      const details = { rewrapped: String(rotated.rewrapped), forgetOlder: String(forgetOlder) };
      await audit.record({ workspaceId: 'default', actor: 'cli', action: 'master-key.rotated', target: '', details });
      return rotated;
    });
    if (worked !== undefined) return worked.done;
    throw new CommandError('Somebody is being erased, or another rotation is under way.', { hint: 'Try again later.' });
  });
}

async function rotateTwice(
  vault: SubjectVault,
  onProgress: RotateOptions['onProgress'],
  forgetOlder: boolean,
): Promise<KeyRotation> {
  const rotated = await vault.rotateMasterKey(onProgress);
  if (!forgetOlder) return rotated;
  // Until the running processes have noticed, a new person's key may still be wrapped the old way.
  await pause(2 * masterKeyNoticeMs);
  const late = await vault.rotateMasterKey();
  return { total: late.total, rewrapped: rotated.rewrapped + late.rewrapped };
}

function requireFile(masterKeysInFile: boolean): void {
  if (masterKeysInFile) return;
  throw new CommandError('The master key is set by RAPPORT_MASTER_KEY, so this command does not change it.', {
    hint:
      'Give every process the new key among RAPPORT_OLDER_MASTER_KEYS and restart them one by one; then exchange the two, the new one\n' +
      'in RAPPORT_MASTER_KEY, and restart again; run rapport master-key rotate, and take RAPPORT_OLDER_MASTER_KEYS away.',
  });
}
