import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Secrets of an embedded start, made once and kept in the data folder. Text form; keys are base64 of 32 bytes. */
export interface GeneratedSecrets {
  readonly masterKey: string;
  readonly hashKey: string;
  readonly writeKey: string;
  readonly apiKey: string;
  readonly clickhousePassword: string;
  readonly analystPassword: string;
}

/** Reads `secrets.json` of the data folder, or makes it (readable by its owner only). Safe for several processes. */
export function readOrCreateSecrets(dataDir: string): GeneratedSecrets {
  const file = path.join(dataDir, 'secrets.json');
  mkdirSync(dataDir, { recursive: true });
  try {
    writeFileSync(file, `${JSON.stringify(generate(), null, 2)}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return JSON.parse(readFileSync(file, 'utf8')) as GeneratedSecrets;
}

function generate(): GeneratedSecrets {
  return {
    masterKey: randomBytes(32).toString('base64'),
    hashKey: randomBytes(32).toString('base64'),
    writeKey: `wk_${randomBytes(16).toString('hex')}`,
    apiKey: `ak_${randomBytes(24).toString('hex')}`,
    clickhousePassword: randomBytes(18).toString('base64url'),
    analystPassword: randomBytes(18).toString('base64url'),
  };
}
