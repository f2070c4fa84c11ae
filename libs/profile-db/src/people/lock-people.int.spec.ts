import { startTestPlatform, type TestPlatform } from '@rapport/testing';
import { inTransaction, isRetriablePostgresError } from '../index.js';
import { lockPeople, type LockedPeople, type PersonKey, type PersonRow } from './lock-people.js';

interface CountRow extends PersonRow {
  readonly n: number;
}

const table = {
  lockSql: `SELECT workspace_id, profile_id, survivor_id, n FROM counted
    JOIN unnest($1::text[], $2::text[]) AS wanted (workspace_id, profile_id) USING (workspace_id, profile_id)
    ORDER BY workspace_id, profile_id FOR UPDATE OF counted`,
  createSql: `INSERT INTO counted SELECT w, p, NULL, 0 FROM unnest($1::text[], $2::text[]) AS missing (w, p)
    ORDER BY w, p ON CONFLICT DO NOTHING`,
  stateOf: ({ n }: CountRow) => n,
  initialState: 0,
};
const key = (profileId: string): PersonKey => ({ workspaceId: 'shop', profileId });

describe('people under lock', () => {
  let test: TestPlatform;

  beforeAll(async () => {
    test = await startTestPlatform();
  });
  afterAll(() => test.stop());
  beforeEach(async () => {
    await test.platform.postgres.query(`DROP TABLE IF EXISTS counted;
      CREATE TABLE counted (workspace_id text, profile_id text, survivor_id text, n int, PRIMARY KEY (workspace_id, profile_id))`);
  });

  /** One transaction over the given people, done again when it lost a race, as the consumer runner does. */
  async function withPeople(
    profileIds: readonly string[],
    work: (people: LockedPeople<number>) => void,
  ): Promise<void> {
    try {
      await inTransaction(test.platform.postgres, async (tx) => {
        const people = await lockPeople<CountRow, number>(tx, table, profileIds.map(key));
        work(people);
        for (const { workspaceId, profileId, survivorId, state } of people.changed()) {
          const update = 'UPDATE counted SET survivor_id = $3, n = $4 WHERE workspace_id = $1 AND profile_id = $2';
          await tx.query(update, [workspaceId, profileId, survivorId, state]);
        }
      });
    } catch (error) {
      if (!isRetriablePostgresError(error)) throw error;
      await withPeople(profileIds, work);
    }
  }
  const count = (...profileIds: readonly string[]) =>
    withPeople(profileIds, (people) => {
      for (const profileId of profileIds) {
        const person = people.person(key(profileId));
        Object.assign(person, { state: person.state + 1, changed: true });
      }
    });
  const merge = (survivorId: string, mergedId: string) =>
    withPeople([survivorId, mergedId], (people) => {
      const merged = people.merge(key(survivorId), key(mergedId));
      if (merged) merged.survivor.state += merged.memory;
    });
  const living = async () => {
    const { rows } = await test.platform.postgres.query<CountRow>(
      'SELECT * FROM counted WHERE survivor_id IS NULL AND n > 0 ORDER BY profile_id',
    );
    return Object.fromEntries(rows.map(({ profile_id, n }) => [profile_id, n]));
  };

  it('are found under the profile they were merged into, chains of merges included, in either order', async () => {
    await count('a', 'b', 'c');
    await merge('b', 'a');
    await merge('c', 'b');
    await count('a');
    expect(await living()).toEqual({ c: 4 });

    await count('x', 'y', 'z');
    await merge('z', 'y');
    await merge('y', 'x');
    await count('x');
    expect(await living()).toEqual({ c: 4, z: 4 });
  });

  it('are one after a merge that comes again, or the other way round: nothing happens', async () => {
    await count('a', 'b');
    await merge('b', 'a');
    await merge('b', 'a');
    await merge('a', 'b');
    expect(await living()).toEqual({ b: 2 });
  });

  it('lose nothing when merges and counts run side by side', async () => {
    const people = Array.from({ length: 12 }, (_, i) => `p${String(i).padStart(2, '0')}`);
    const counts = Array.from(
      { length: 40 },
      (_, i) => () => count(...[0, 1, 2].map((j) => people[(i * 5 + j * 4) % 12] ?? '')),
    );
    const merges = people.slice(1, 8).map((mergedId, i) => () => merge(people[i + 5] ?? '', mergedId));
    const work = counts.flatMap((each, i) => [each, ...(i % 6 === 0 ? merges.splice(0, 1) : [])]);
    const lanes = [0, 1, 2, 3].map(async (lane) => {
      for (let i = lane; i < work.length; i += 4) await work[i]?.();
    });
    await Promise.all(lanes);
    expect(Object.values(await living()).reduce((sum, n) => sum + n, 0)).toBe(120);
  });
});
