import { loadSql } from '@rapport/profile-db';
import { eventually, startTestPlatform, type TestPlatform } from '@rapport/testing';

const lockPeople = loadSql(import.meta.url, 'lock-people');

describe('locking people whom another transaction is changing', () => {
  const profileIds = Array.from({ length: 12 }, (_, i) => `00000000-0000-0000-0000-0000000000${i + 10}`);
  const workspaceIds = profileIds.map(() => 'shop');
  let test: TestPlatform;

  beforeAll(async () => {
    test = await startTestPlatform();
    await test.platform.postgres.query(
      'INSERT INTO profile.profiles (workspace_id, profile_id) SELECT * FROM unnest($1::text[], $2::uuid[])',
      [workspaceIds, profileIds],
    );
  });
  afterAll(() => test.stop());

  // With a nested loop that finds the partition by the row at hand, PostgreSQL 18.4 gave 2 of the 12.
  it.each([
    ['as PostgreSQL plans it', ''],
    ['in a plan for any parameters', 'plan_cache_mode = force_generic_plan'],
    ['by the index alone', 'enable_seqscan = off'],
  ])(
    'gives every one of them, as they are afterwards, %s',
    async (_, setting) => {
      const { postgres } = test.platform;
      const [reader, writer] = [await postgres.connect(), await postgres.connect()];
      try {
        if (setting !== '') await reader.query(`SET ${setting}`);
        await writer.query('BEGIN');
        await writer.query('UPDATE profile.profiles SET traits = $1', [JSON.stringify({ seen: setting })]);
        const { rows: writing } = await writer.query<{ version: string }>(
          'SELECT pg_current_xact_id()::xid::text AS version',
        );
        const reading = reader.query<{ profile_id: string; version: string }>(lockPeople, [workspaceIds, profileIds]);
        await eventually(async () => {
          const { rows } = await writer.query(
            'SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))',
          );
          expect(rows).toHaveLength(1);
        });
        await writer.query('COMMIT');
        const { rows } = await reading;
        expect(rows.map(({ profile_id }) => profile_id)).toEqual(profileIds);
        for (const { version } of rows) expect(version).toBe(writing[0]?.version);
      } finally {
        await reader.query('RESET ALL');
        reader.release();
        writer.release();
      }
    },
    60_000,
  );
});
