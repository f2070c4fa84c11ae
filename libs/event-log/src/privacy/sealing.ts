import { createCipheriv, createDecipheriv, randomFillSync, type KeyObject } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const ivLength = 12;
const tagLength = 16;

/** The bytes do not open: they, or what they are bound to, were changed, or another key sealed them. */
export class SealBrokenError extends Error {
  override readonly name = 'SealBrokenError';
  /** Which of the requests it was, when many were opened at once. */
  readonly index: number;

  constructor(message: string, index = 0) {
    super(message);
    this.index = index;
  }
}

/** AES-256-GCM: 12 bytes IV, ciphertext, 16 bytes tag. `boundTo` is authenticated with it and must be the same on opening. */
export function sealBytes(key: KeyObject, plaintext: Uint8Array, boundTo: string): Buffer {
  const iv = nextIv();
  const cipher = createCipheriv(algorithm, key, iv);
  cipher.setAAD(Buffer.from(boundTo));
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  return Buffer.concat([iv, ciphertext, cipher.getAuthTag()], ivLength + ciphertext.length + tagLength);
}

/** Throws `SealBrokenError`. */
export function openBytes(key: KeyObject, bytes: Uint8Array, boundTo: string): Buffer {
  const end = bytes.length - tagLength;
  if (end < ivLength)
    throw new SealBrokenError(`sealed bytes are ${bytes.length} long; ${ivLength + tagLength} is the least`);
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivLength), { authTagLength: tagLength });
  decipher.setAAD(Buffer.from(boundTo));
  decipher.setAuthTag(bytes.subarray(end));
  const plaintext = decipher.update(bytes.subarray(ivLength, end));
  try {
    decipher.final();
  } catch {
    throw new SealBrokenError('sealed bytes were changed, or moved to another record or workspace');
  }
  return plaintext;
}

/** Two sealings never give the same text, so it names these sealed bytes. */
export function fingerprintOf(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString('latin1', 0, ivLength) + buffer.toString('latin1', buffer.length - tagLength);
}

const ivs = Buffer.allocUnsafeSlow(ivLength * 1024);
let usedIvs = ivs.length;

/** Random; drawn many at a time, for one system call each would cost more than the encryption. */
function nextIv(): Buffer {
  if (usedIvs === ivs.length) {
    randomFillSync(ivs);
    usedIvs = 0;
  }
  usedIvs += ivLength;
  return ivs.subarray(usedIvs - ivLength, usedIvs);
}
