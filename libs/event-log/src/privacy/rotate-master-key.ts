import type { EventCodec } from '../port/event-codec.js';
import type { EventLog, RecordToAppend } from '../port/event-log.js';
import type { KeyRotation } from '../port/subject-vault.js';
import { bindingOfKey } from './data-keys.js';
import type { MasterKeys } from './master-keys.js';
import type { LiveKey, SubjectKeyTable } from './subject-key-table.js';

const topic = 'subject-keys';
const keysAtOnce = 500;

interface RotationParts {
  readonly table: SubjectKeyTable;
  readonly masterKeys: MasterKeys;
  readonly eventLog: EventLog;
  readonly codec: EventCodec;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Wraps every data key that an older master key wrapped under the current one. The data keys stay the same, so nothing
 * sealed changes. May be cut off and begun again at any time: what is done is not done twice.
 */
export async function rotateMasterKey(parts: RotationParts): Promise<KeyRotation> {
  const { table, masterKeys, onProgress } = parts;
  await table.catchUp();
  const { currentId } = masterKeys;
  let total = 0;
  let outdated = 0;
  for (const { masterKeyId } of table.liveKeys()) {
    total += 1;
    if (masterKeyId !== currentId) outdated += 1;
  }
  let done = 0;
  onProgress?.(0, outdated);
  let batch: LiveKey[] = [];
  const flush = async (): Promise<void> => {
    await rewrap(batch, parts);
    done += batch.length;
    batch = [];
    onProgress?.(done, outdated);
  };
  for (const key of table.liveKeys()) {
    if (key.masterKeyId === currentId) continue;
    batch.push(key);
    if (batch.length >= keysAtOnce) await flush();
  }
  if (batch.length > 0) await flush();
  return { total, rewrapped: done };
}

async function rewrap(keys: readonly LiveKey[], { table, masterKeys, eventLog, codec }: RotationParts): Promise<void> {
  await eventLog.append(
    keys.map((key): RecordToAppend => {
      const { workspaceId, subjectId, keyId, createdAt } = key;
      const masterKeyId = masterKeys.currentId;
      const wrappedKey = masterKeys.rewrap(key.masterKeyId, key.wrappedKey, bindingOfKey(key, keyId));
      const event = { workspaceId, subjectId, keyId, masterKeyId, wrappedKey, createdAt };
      return { topic, key: `${subjectId}/${keyId}`, value: codec.encode('subject-key', event) };
    }),
  );
  await table.catchUp();
  // A key that was erased while it was wrapped anew stands on the log behind its tombstone: it is erased once more.
  const erased = keys.filter(({ subjectId, keyId }) => table.isErased(subjectId, keyId));
  if (erased.length === 0) return;
  await eventLog.append(
    erased.map(({ subjectId, keyId }): RecordToAppend => ({ topic, key: `${subjectId}/${keyId}`, value: null })),
  );
}
