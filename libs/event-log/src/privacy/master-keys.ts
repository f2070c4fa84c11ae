import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { openBytes, sealBytes } from './sealing.js';

export interface MasterKeyOptions {
  /** 32 bytes; wraps new data keys. */
  readonly current: Uint8Array;
  /** Keys that were current before; they only unwrap. */
  readonly older: readonly Uint8Array[];
}

/** A data key was wrapped by a master key this process was not given. */
export class UnknownMasterKeyError extends Error {
  override readonly name = 'UnknownMasterKeyError';
}

/** Wraps and unwraps the subjects' data keys. */
export class MasterKeys {
  readonly currentId: string;
  private readonly keys: ReadonlyMap<string, KeyObject>;

  constructor({ current, older }: MasterKeyOptions) {
    for (const key of [current, ...older]) {
      if (key.length !== 32) throw new RangeError(`a master key has 32 bytes, not ${key.length}`);
    }
    this.currentId = idOf(current);
    this.keys = new Map([...older, current].map((key) => [idOf(key), createSecretKey(key)]));
  }

  wrap(dataKey: Uint8Array, boundTo: string): Buffer {
    return sealBytes(this.keys.get(this.currentId)!, dataKey, boundTo);
  }

  unwrap(masterKeyId: string, wrapped: Uint8Array, boundTo: string): KeyObject {
    const key = this.keys.get(masterKeyId);
    if (key === undefined) {
      throw new UnknownMasterKeyError(
        `a data key was wrapped by master key ${masterKeyId}, which is not configured; ` +
          `known are ${[...this.keys.keys()].join(', ')}. Keep an old master key among the older ones after a rotation.`,
      );
    }
    return createSecretKey(openBytes(key, wrapped, boundTo));
  }
}

/** Short fingerprint that names a master key without giving anything of it away. */
function idOf(key: Uint8Array): string {
  return createHmac('sha256', key).update('rapport master key id').digest().subarray(0, 6).toString('base64url');
}
