import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Secrets of an embedded start, made once and kept in the data folder. Text form; keys are base64 of 32 bytes. */
export interface GeneratedSecrets {
  readonly masterKey: string;
  /** Master keys that were current before. */
  readonly olderMasterKeys?: readonly string[];
  readonly hashKey: string;
  readonly writeKey: string;
  readonly apiKey: string;
  readonly clickhousePassword: string;
  readonly analystPassword: string;
}

export interface MasterKeyBytes {
  readonly masterKey: Buffer;
  readonly olderMasterKeys: readonly Buffer[];
}

/** `secrets.json` of a data folder cannot be used; the message says why. */
export class SecretsFileError extends Error {
  override readonly name = 'SecretsFileError';

  constructor(file: string, fault: string) {
    super(`${file} ${fault}. Put it back from a backup: what is on the log opens with the keys in it alone.`);
  }
}

/**
 * Reads `secrets.json` of the data folder, or makes it (readable by its owner only). Safe for several processes. Errors:
 * `SecretsFileError`.
 */
export function readOrCreateSecrets(dataDir: string): GeneratedSecrets {
  mkdirSync(dataDir, { recursive: true });
  try {
    writeFileSync(fileIn(dataDir), textOf(generate()), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return secretsIn(fileIn(dataDir));
}

/** Whether Rapport was ever started on the folder: nothing is made there before them. */
export function hasSecrets(dataDir: string): boolean {
  return existsSync(fileIn(dataDir));
}

function secretsIn(file: string): GeneratedSecrets {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new SecretsFileError(file, 'is no JSON');
    throw error;
  }
  const given = Object(value) as Readonly<Record<string, unknown>>;
  const missing = Object.keys(generate()).filter((name) => typeof given[name] !== 'string');
  if (missing.length > 0) throw new SecretsFileError(file, `lacks ${missing.join(', ')}`);
  return value as GeneratedSecrets;
}

export function masterKeysOf({
  masterKey,
  olderMasterKeys = [],
}: Pick<GeneratedSecrets, 'masterKey' | 'olderMasterKeys'>): MasterKeyBytes {
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
  return { masterKey: bytes(masterKey), olderMasterKeys: olderMasterKeys.map(bytes) };
}

/** The master keys as `secrets.json` has them now. */
export function readMasterKeys(dataDir: string): MasterKeyBytes {
  return masterKeysOf(readOrCreateSecrets(dataDir));
}

/** Makes a new current master key; the one before goes on opening what it wrapped. Running processes notice by themselves. */
export function addMasterKey(dataDir: string): void {
  const { masterKey, olderMasterKeys = [], ...others } = readOrCreateSecrets(dataDir);
  replace(dataDir, { masterKey: newKey(), olderMasterKeys: [masterKey, ...olderMasterKeys], ...others });
}

/** Only after every data key was wrapped anew: what an older master key wrapped opens no more. */
export function forgetOlderMasterKeys(dataDir: string): void {
  replace(dataDir, { ...readOrCreateSecrets(dataDir), olderMasterKeys: [] });
}

/** Written whole or not at all. */
function replace(dataDir: string, secrets: GeneratedSecrets): void {
  const file = fileIn(dataDir);
  writeFileSync(`${file}.new`, textOf(secrets), { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}

function fileIn(dataDir: string): string {
  return path.join(dataDir, 'secrets.json');
}

function textOf(secrets: GeneratedSecrets): string {
  return `${JSON.stringify(secrets, null, 2)}\n`;
}

function newKey(): string {
  return randomBytes(32).toString('base64');
}

function generate(): GeneratedSecrets {
  return {
    masterKey: newKey(),
    hashKey: newKey(),
    writeKey: `wk_${randomBytes(16).toString('hex')}`,
    apiKey: `ak_${randomBytes(24).toString('hex')}`,
    clickhousePassword: randomBytes(18).toString('base64url'),
    analystPassword: randomBytes(18).toString('base64url'),
  };
}
