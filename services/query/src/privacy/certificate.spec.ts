import { statSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '@rapport/testing';
import {
  CertificateError,
  certificateKey,
  certificateOf,
  publicPartOf,
  signCertificate,
  verifyCertificate,
} from './certificate.js';
import type { Erasure } from './erasure.js';

const erasure: Erasure = {
  erasureId: 'e-1',
  workspaceId: 'shop',
  status: 'requested',
  step: 'rewriting files',
  profileIds: ['p-1'],
  subjectIds: ['s-1'],
  identifierHashes: [],
  requestedBy: 'api-key:1',
  requestedAt: 0,
  findings: [],
  certificate: null,
  completedAt: null,
};
const stores = [{ store: 'postgresql profile.profiles', removed: 1, left: 0 }];

describe('a certificate of erasure', () => {
  const ours = temporaryFolder();
  const others = temporaryFolder();
  afterAll(() => {
    ours.remove();
    others.remove();
  });

  it('is signed with a key that is made once and only its owner can read', async () => {
    const key = await certificateKey(ours.path);
    expect(await certificateKey(ours.path)).toEqual(key);
    expect(statSync(path.join(ours.path, 'certificate-key.json')).mode & 0o077).toBe(0);
    expect(publicPartOf(key)).not.toHaveProperty('d');
  });

  it('says what was signed', async () => {
    const key = await certificateKey(ours.path);
    const jws = await signCertificate(key, certificateOf(erasure, stores, 1_000));
    expect(await verifyCertificate(`${jws}\n`, publicPartOf(key))).toEqual({
      type: 'rapport-erasure-certificate',
      erasureId: 'e-1',
      workspaceId: 'shop',
      requestedAt: '1970-01-01T00:00:00.000Z',
      completedAt: '1970-01-01T00:00:01.000Z',
      requestedBy: 'api-key:1',
      profileIds: ['p-1'],
      subjectIds: ['s-1'],
      stores,
    });
  });

  it('is refused when it was changed, signed by somebody else, or is none', async () => {
    const key = await certificateKey(ours.path);
    const jws = await signCertificate(key, certificateOf(erasure, stores, 1_000));
    const [header, , signature] = jws.split('.');
    const payload = Buffer.from(JSON.stringify(certificateOf(erasure, [], 1_000))).toString('base64url');
    const refused = [`${header}.${payload}.${signature}`, 'no certificate', ''];
    for (const text of refused)
      await expect(verifyCertificate(text, publicPartOf(key))).rejects.toThrow(CertificateError);
    const other = await certificateKey(others.path);
    await expect(verifyCertificate(jws, publicPartOf(other))).rejects.toThrow('another installation');
  });
});
