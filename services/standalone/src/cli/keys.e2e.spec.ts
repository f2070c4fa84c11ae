import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { ApiKeys } from '@rapport/runtime';
import { startTestPlatform, type TestPlatform } from '@rapport/testing';

const program = path.resolve(import.meta.dirname, '../../dist/cli/main.js');

interface Made {
  readonly id: string;
  readonly key: string;
}

describe('rapport keys', () => {
  let test: TestPlatform;
  beforeAll(async () => {
    test = await startTestPlatform();
  });
  afterAll(() => test.stop());

  const keys = (...command: string[]): string => {
    const { config } = test;
    const environment = {
      RAPPORT_POSTGRES_URL: config.postgres.url,
      // Keys need the log and PostgreSQL alone.
      RAPPORT_CLICKHOUSE_URL: 'http://127.0.0.1:9',
    };
    return execFileSync(process.execPath, [program, 'keys', ...command, '--data-dir', config.dataDir], {
      env: environment,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  };
  const holderOf = ({ key }: Made) => {
    const { eventLog, codec, clock } = test.platform;
    return new ApiKeys({ eventLog, codec, clock, installationKey: 'none' }).holderOf(key);
  };

  it('makes, rotates and revokes keys, and each stands in the audit log without its secret', async () => {
    const made = JSON.parse(keys('create', 'crm', '--scopes', 'read-profile,write', '--json')) as Made;
    const fresh = JSON.parse(keys('rotate', made.id, '--overlap', '1', '--json')) as Made;
    expect((await Promise.all([made, fresh].map(holderOf))).map((holder) => holder?.scopes)).toEqual([
      ['read-profile', 'write'],
      ['read-profile', 'write'],
    ]);
    keys('revoke', made.id);
    expect((await Promise.all([made, fresh].map(holderOf))).map((holder) => holder?.apiKeyId)).toEqual([
      undefined,
      fresh.id,
    ]);
    const { rows } = await test.platform.postgres.query<{ action: string; target: string; entry: string }>(
      `SELECT action, target, entries::text AS entry FROM audit.entries WHERE actor = 'cli' ORDER BY sequence`,
    );
    expect(rows.map(({ action, target }) => [action, target])).toEqual([
      ['api-key.created', made.id],
      ['api-key.rotated', fresh.id],
      ['api-key.revoked', made.id],
    ]);
    const secrets = [made, fresh].map(({ key }) => key.split('_')[2] ?? key);
    for (const { entry } of rows) for (const secret of secrets) expect(entry).not.toContain(secret);
  });

  it('says so where there is no such key', () => {
    expect(() => keys('rotate', 'nothing')).toThrow(/There is no API key nothing/);
  });
});
