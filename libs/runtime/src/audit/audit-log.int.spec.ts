import { cpSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startTestPlatform, temporaryFolder, type TestPlatform } from '@rapport/testing';
import { noteDefinitions } from './note-definitions.js';
import { restoreAudit, verifyAudit } from './read-audit.js';

const shipped = path.resolve(import.meta.dirname, '../../../../deploy/definitions');

describe('the audit log', () => {
  const folder = temporaryFolder();
  let test: TestPlatform;

  beforeAll(async () => {
    cpSync(shipped, folder.path, { recursive: true });
    test = await startTestPlatform({ environment: { RAPPORT_DEFINITIONS_DIR: folder.path } });
    await Promise.all(
      ['ada', 'bob', 'cid'].map((target) =>
        test.platform.audit.record({ workspaceId: 'default', actor: 'spec', action: 'looked', target }),
      ),
    );
  });
  afterAll(async () => {
    await test.stop();
    folder.remove();
  });

  const query = (text: string) => test.platform.postgres.query<Record<string, unknown>>(text);
  const entries = async () => (await query('SELECT * FROM audit.entries ORDER BY workspace_id, sequence')).rows;
  const verified = () => verifyAudit(test.platform, 'default');
  /** As somebody could who owns the database. */
  const tamper = async (statement: string): Promise<void> => {
    await query('ALTER TABLE audit.entries DISABLE TRIGGER append_only');
    await query(statement);
    await query('ALTER TABLE audit.entries ENABLE TRIGGER append_only');
  };

  it('notes which definitions are new, were changed or are gone since the last start', async () => {
    const { platform } = test;
    const noted = async (): Promise<readonly string[]> => {
      const before = (await entries()).length;
      await noteDefinitions(platform);
      return (await entries()).slice(before).map(({ action, target }) => `${String(action)} ${String(target)}`);
    };
    expect(await noted()).toContain('definition.added identity/default.yaml');
    expect(await noted()).toEqual([]);
    rmSync(path.join(folder.path, 'goals/retention.yaml'));
    writeFileSync(path.join(folder.path, 'identity/default.yaml'), '# other rules');
    expect(await noted()).toEqual([
      'definition.changed identity/default.yaml',
      'definition.removed goals/retention.yaml',
    ]);
  });

  it('takes no entry back', async () => {
    await expect(query("UPDATE audit.entries SET target = 'nobody'")).rejects.toThrow('append-only');
    await expect(query('DELETE FROM audit.entries')).rejects.toThrow('append-only');
    expect((await verified()).faults).toEqual([]);
  });

  it('shows an entry that says something else in PostgreSQL, though its hash was left', async () => {
    await tamper("UPDATE audit.entries SET target = target || '!' WHERE sequence = 2");
    expect((await verified()).faults).toMatchObject([{ sequence: 2, fault: expect.stringContaining('PostgreSQL') }]);
    await tamper("UPDATE audit.entries SET target = rtrim(target, '!') WHERE sequence = 2");
    expect((await verified()).faults).toEqual([]);
  });

  it('shows an entry that was taken out of PostgreSQL', async () => {
    await tamper('DELETE FROM audit.entries WHERE sequence = 3');
    expect((await verified()).faults).toMatchObject([{ sequence: 3 }]);
  });

  it('is there again, every entry, when the database was lost', async () => {
    const { entries: count, head } = await verified();
    await query('TRUNCATE audit.entries, audit.heads');
    await restoreAudit(test.platform);
    expect(await verified()).toEqual({ entries: count, head, faults: [] });
    await test.platform.audit.record({ workspaceId: 'default', actor: 'spec', action: 'looked', target: 'dot' });
    expect(await verified()).toMatchObject({ entries: count + 1, faults: [] });
  });
});
