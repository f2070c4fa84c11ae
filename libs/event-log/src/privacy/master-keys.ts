import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { openBytes, sealBytes } from './sealing.js';

export interface MasterKeySet {
  /** 32 bytes; wraps new data keys. */
  readonly current: Uint8Array;
  /** Keys that were current before; they only unwrap. */
  readonly older: readonly Uint8Array[];
}

export interface MasterKeyOptions extends MasterKeySet {
  /**
   * Somebody may rotate the master key meanwhile: asked when a data key turns up under one that is not known, and now and
   * then before a new data key is wrapped.
   */
  readonly readAgain?: () => MasterKeySet;
}

/** A data key was wrapped by a master key this process was not given. */
export class UnknownMasterKeyError extends Error {
  override readonly name = 'UnknownMasterKeyError';
}

/** How long after a rotation new data keys may still be wrapped by the master key before, milliseconds. */
export const masterKeyNoticeMs = 2_000;

interface KeyRing {
  readonly currentId: string;
  readonly keys: ReadonlyMap<string, KeyObject>;
}

/** Wraps and unwraps the subjects' data keys. */
export class MasterKeys {
  private ring: KeyRing;
  private readAt: number;

  constructor(
    private readonly options: MasterKeyOptions,
    private readonly clock: () => number,
  ) {
    this.ring = ringOf(options);
    this.readAt = clock();
  }

  /** The one that `wrap` uses; asking notices a rotation. */
  get currentId(): string {
    if (this.clock() - this.readAt >= masterKeyNoticeMs) this.readAgain();
    return this.ring.currentId;
  }

  wrap(dataKey: Uint8Array, boundTo: string): Buffer {
    return sealBytes(this.ring.keys.get(this.ring.currentId)!, dataKey, boundTo);
  }

  unwrap(masterKeyId: string, wrapped: Uint8Array, boundTo: string): KeyObject {
    return createSecretKey(openBytes(this.keyNamed(masterKeyId), wrapped, boundTo));
  }

  /** The same data key under the current master key. */
  rewrap(masterKeyId: string, wrapped: Uint8Array, boundTo: string): Buffer {
    return this.wrap(openBytes(this.keyNamed(masterKeyId), wrapped, boundTo), boundTo);
  }

  private keyNamed(masterKeyId: string): KeyObject {
    const known = this.ring.keys.get(masterKeyId);
    if (known !== undefined) return known;
    this.readAgain();
    const key = this.ring.keys.get(masterKeyId);
    if (key !== undefined) return key;
    throw new UnknownMasterKeyError(
      `a data key was wrapped by master key ${masterKeyId}, which is not configured; ` +
        `known are ${[...this.ring.keys.keys()].join(', ')}. Keep an old master key among the older ones after a rotation.`,
    );
  }

  private readAgain(): void {
    this.readAt = this.clock();
    if (this.options.readAgain) this.ring = ringOf(this.options.readAgain());
  }
}

function ringOf({ current, older }: MasterKeySet): KeyRing {
  for (const key of [current, ...older]) {
    if (key.length !== 32) throw new RangeError(`a master key has 32 bytes, not ${key.length}`);
  }
  return {
    currentId: masterKeyIdOf(current),
    keys: new Map([...older, current].map((key) => [masterKeyIdOf(key), createSecretKey(key)])),
  };
}

/** Short fingerprint that names a master key without giving anything of it away. */
export function masterKeyIdOf(key: Uint8Array): string {
  return createHmac('sha256', key).update('rapport master key id').digest().subarray(0, 6).toString('base64url');
}
