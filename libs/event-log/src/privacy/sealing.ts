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

/** The authentication tag as four numbers: of two contents sealed under one key and binding no two have the same. */
export type SealName = readonly [number, number, number, number];

export function sealNameOf(bytes: Uint8Array): SealName {
  return [wordOfTag(bytes, 0), wordOfTag(bytes, 4), wordOfTag(bytes, 8), wordOfTag(bytes, 12)];
}

export function isSealedAs(bytes: Uint8Array, [a, b, c, d]: SealName): boolean {
  return (
    wordOfTag(bytes, 0) === a && wordOfTag(bytes, 4) === b && wordOfTag(bytes, 8) === c && wordOfTag(bytes, 12) === d
  );
}

function wordOfTag(bytes: Uint8Array, from: number): number {
  const at = bytes.length - tagLength + from;
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
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
