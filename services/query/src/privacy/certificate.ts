import { createPrivateKey, hkdfSync } from 'node:crypto';
import {
  calculateJwkThumbprint,
  CompactSign,
  compactVerify,
  decodeProtectedHeader,
  errors,
  importJWK,
  type JWK,
} from 'jose';
import type { Erasure, Finding } from './erasure.js';

/** What a certificate of erasure says. Whoever it is about is named by keyed hashes, which nobody else can compute. */
export interface ErasureCertificate {
  readonly type: 'rapport-erasure-certificate';
  readonly erasureId: string;
  readonly workspaceId: string;
  /** ISO 8601, like `completedAt`. */
  readonly requestedAt: string;
  readonly completedAt: string;
  readonly requestedBy: string;
  readonly profileIds: readonly string[];
  readonly subjectIds: readonly string[];
  /** Every store that was looked through. */
  readonly stores: readonly Finding[];
}

/** The certificate is not one, was changed, or was signed by somebody else; the message says which. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

const algorithm = 'EdDSA';
const purpose = 'rapport/erasure-certificate';
/** What stands before the 32 bytes of an Ed25519 key in PKCS#8 (RFC 8410, section 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * The Ed25519 key of this installation, derived (HKDF-SHA-256) from the hash key, which every process of it has and which
 * never changes: whichever of them signs, any other can say so, years later too.
 */
export function certificateKey(hashKey: Uint8Array): JWK {
  const seed = Buffer.from(hkdfSync('sha256', hashKey, Buffer.alloc(0), purpose, 32));
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
  return key.export({ format: 'jwk' }) as JWK;
}

export function publicPartOf({ d: _private, ...jwk }: JWK): JWK {
  return jwk;
}

export async function signCertificate(key: JWK, certificate: ErasureCertificate): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(certificate)))
    .setProtectedHeader({ alg: algorithm, typ: 'erasure-certificate+jws', jwk: publicPartOf(key) })
    .sign(await importJWK(key, algorithm));
}

/** Errors: `CertificateError`. `trusted` is the public key of the installation that is said to have signed it. */
export async function verifyCertificate(jws: string, trusted: JWK): Promise<ErasureCertificate> {
  try {
    const { jwk } = decodeProtectedHeader(jws.trim());
    if (jwk === undefined) throw new CertificateError('it names no key, so it is no certificate of Rapport');
    if ((await calculateJwkThumbprint(jwk)) !== (await calculateJwkThumbprint(publicPartOf(trusted)))) {
      throw new CertificateError('it was signed by another installation, or its key was changed since');
    }
    const { payload } = await compactVerify(jws.trim(), await importJWK(publicPartOf(trusted), algorithm));
    return JSON.parse(new TextDecoder().decode(payload)) as ErasureCertificate;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof SyntaxError) {
      throw new CertificateError('its signature does not fit: it was changed, or is no certificate', { cause: error });
    }
    throw error;
  }
}

export function certificateOf(erasure: Erasure, stores: readonly Finding[], completedAt: number): ErasureCertificate {
  const { erasureId, workspaceId, requestedBy, profileIds, subjectIds, requestedAt } = erasure;
  return {
    type: 'rapport-erasure-certificate',
    erasureId,
    workspaceId,
    requestedAt: new Date(requestedAt).toISOString(),
    completedAt: new Date(completedAt).toISOString(),
    requestedBy,
    profileIds,
    subjectIds,
    stores,
  };
}
