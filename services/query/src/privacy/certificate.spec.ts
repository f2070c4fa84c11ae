import { createHash } from 'node:crypto';
import {
  CertificateError,
  certificateKey,
  certificateOf,
  publicPartOf,
  signCertificate,
  verifyCertificate,
} from './certificate.js';
import { anErasure } from './testing/an-erasure.js';

const erasure = anErasure('e-1', { step: 'rewriting files', profileIds: ['p-1'], subjectIds: ['s-1'] });
const stores = [{ store: 'postgresql profile.profiles', removed: 1, left: 0 }];

describe('a certificate of erasure', () => {
  const ours = createHash('sha256').update('ours').digest();
  const others = createHash('sha256').update('others').digest();

  it('is signed with a key that every process of an installation knows by itself, and nobody else', () => {
    expect(certificateKey(Buffer.from(ours))).toEqual(certificateKey(ours));
    expect(certificateKey(others)).not.toEqual(certificateKey(ours));
    expect(publicPartOf(certificateKey(ours))).not.toHaveProperty('d');
  });

  it('says what was signed', async () => {
    const key = certificateKey(ours);
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
    const key = certificateKey(ours);
    const jws = await signCertificate(key, certificateOf(erasure, stores, 1_000));
    const [header, , signature] = jws.split('.');
    const payload = Buffer.from(JSON.stringify(certificateOf(erasure, [], 1_000))).toString('base64url');
    const refused = [`${header}.${payload}.${signature}`, 'no certificate', ''];
    for (const text of refused)
      await expect(verifyCertificate(text, publicPartOf(key))).rejects.toThrow(CertificateError);
    const other = certificateKey(others);
    await expect(verifyCertificate(jws, publicPartOf(other))).rejects.toThrow('another installation');
  });
});
