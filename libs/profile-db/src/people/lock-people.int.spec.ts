import fc from 'fast-check';
import { startTestPlatform, type TestPlatform } from '@rapport/testing';
import {
  inTransaction,
  isRetriablePostgresError,
  lockPeople,
  type LockedPeople,
  type LoneKey,
  type PeopleTable,
  RememberedStates,
  type StateRow,
  type ProfilesMoved,
} from '../index.js';

/** What was told, by name, each as often as it was told: whatever is lost or counted twice shows. */
type Told = readonly string[];

interface ToldRow extends StateRow {
  readonly told: Told;
}

const table: PeopleTable<ToldRow, Told> = {
  name: 'told',
  lockSql: `SELECT workspace_id, profile_id, survivor_id, sequence, part_ids, people.xmin::text AS version FROM people
    JOIN unnest($1::text[], $2::text[]) AS wanted (workspace_id, profile_id) USING (workspace_id, profile_id)
    ORDER BY workspace_id, profile_id FOR UPDATE OF people`,
  statesSql: `SELECT workspace_id, profile_id, told FROM people
    JOIN unnest($1::text[], $2::text[]) AS wanted (workspace_id, profile_id) USING (workspace_id, profile_id)`,
  remembered: new RememberedStates(),
  createSql: `INSERT INTO people SELECT w, p, s FROM unnest($1::text[], $2::text[], $3::text[]) AS missing (w, p, s)
    ORDER BY w, p ON CONFLICT DO NOTHING`,
  partsSql: `SELECT workspace_id, profile_id, state FROM parts
    JOIN unnest($1::text[], $2::text[]) AS wanted (workspace_id, profile_id) USING (workspace_id, profile_id)`,
  stateOf: ({ told }) => told,
  stateOfPart: (state: Told) => state,
  initialState: [],
  merge: (a, b) => [...a, ...b].sort(),
};

interface Fact {
  readonly kind: 'fact';
  readonly lone: string;
  readonly livesIn: string;
  readonly name: string;
}
type Move = { readonly kind: 'move' } & Omit<ProfilesMoved, 'workspaceId'>;
type Entry = Fact | Move;

const workspaceId = 'shop';

describe('people under lock', () => {
  let test: TestPlatform;

  beforeAll(async () => {
    test = await startTestPlatform();
    await test.platform.postgres.query(`
      CREATE TABLE people (workspace_id text, profile_id text, survivor_id text, sequence bigint DEFAULT 0,
        part_ids text[] DEFAULT '{}', told jsonb DEFAULT '[]', PRIMARY KEY (workspace_id, profile_id));
      CREATE TABLE parts (workspace_id text, profile_id text, state jsonb, PRIMARY KEY (workspace_id, profile_id))`);
  });
  afterAll(() => test.stop());
  beforeEach(() => test.platform.postgres.query('TRUNCATE people, parts'));

  /** One transaction over some entries, done again when it lost a race, as the consumer runner does. */
  async function handle(batch: readonly Entry[]): Promise<void> {
    try {
      await inTransaction(test.platform.postgres, async (tx) => {
        const facts = batch.filter((entry) => entry.kind === 'fact');
        const moves = batch.filter((entry) => entry.kind === 'move').map((move) => ({ ...move, workspaceId }));
        const people = await lockPeople(tx, table, facts.map(keyOf), moves);
        for (const entry of batch) {
          if (entry.kind === 'move') people.move({ ...entry, workspaceId });
          else people.tell(keyOf(entry), (told) => [...told, entry.name].sort());
        }
        await save(people, (text, values) => tx.query(text, values));
      });
    } catch (error) {
      if (!isRetriablePostgresError(error)) throw error;
      await handle(batch);
    }
  }
  const tell = (name: string, lone: string, livesIn = lone) => handle([{ kind: 'fact', lone, livesIn, name }]);
  let sequences = 0;
  const move = (to: string, profileIds: readonly string[], sequence = (sequences += 1)) =>
    handle([{ kind: 'move', to, profileIds, sequence }]);
  const living = async () => {
    const { rows } = await test.platform.postgres.query<ToldRow>(
      'SELECT * FROM people WHERE survivor_id IS NULL AND told <> $1::jsonb ORDER BY profile_id',
      ['[]'],
    );
    return Object.fromEntries(rows.map(({ profile_id, told }) => [profile_id, told.join(' ')]));
  };
  const parts = async () => {
    const { rows } = await test.platform.postgres.query<{ profile_id: string; state: Told }>('SELECT * FROM parts');
    return Object.fromEntries(rows.map(({ profile_id, state }) => [profile_id, state.join(' ')]));
  };

  it('are found under the person they live in, and come apart again as they were', async () => {
    await tell('1', 'a');
    await tell('2', 'b');
    await move('a', ['b']);
    await tell('3', 'b', 'a');
    expect(await living()).toEqual({ a: '1 2 3' });
    expect(await parts()).toEqual({ a: '1', b: '2 3' });

    await move('b', ['b']);
    await tell('4', 'b');
    expect(await living()).toEqual({ a: '1', b: '2 3 4' });
    expect(await parts()).toEqual({});
  });

  it('are read anew where somebody else wrote or removed their row: what is remembered is not believed', async () => {
    await tell('1', 'a');
    await tell('2', 'a');
    expect(await living()).toEqual({ a: '1 2' });

    await test.platform.postgres.query(`UPDATE people SET told = '["corrected"]' WHERE profile_id = 'a'`);
    await tell('3', 'a');
    expect(await living()).toEqual({ a: '3 corrected' });

    await test.platform.postgres.query(`DELETE FROM people WHERE profile_id = 'a'`);
    await tell('4', 'a');
    expect(await living()).toEqual({ a: '4' });
  });

  it('of one profile keep no parts, whatever moves were told', async () => {
    await move('a', ['b']);
    await tell('1', 'a');
    expect(await parts()).toEqual({});
    await move('a', ['a']);
    expect(await parts()).toEqual({});
    expect(await living()).toEqual({ a: '1' });
  });

  it('stay as they are by a move that comes again, or after a higher sequence: nothing happens', async () => {
    await tell('1', 'a');
    await tell('2', 'b');
    await move('b', ['b'], 90);
    await move('a', ['b'], 89);
    await move('b', ['b'], 90);
    expect(await living()).toEqual({ a: '1', b: '2' });
  });

  it('form chains where merges have no sequence, in either order, and one that comes again changes nothing', async () => {
    for (const name of ['a', 'b', 'c', 'x', 'y', 'z']) await tell(name, name);
    await move('b', ['a'], 0);
    await move('c', ['b'], 0);
    await move('a', ['c'], 0);
    await move('z', ['y'], 0);
    await move('y', ['x'], 0);
    await tell('late', 'x');
    expect(await living()).toEqual({ c: 'a b c', z: 'late x y z' });
  });

  it('end the same in whatever order facts, merges and splits are read, batch by batch and side by side', async () => {
    await fc.assert(
      fc.asyncProperty(history(), fc.infiniteStream(fc.nat()), fc.constantFrom(1, 3, 50), async (log, keys, size) => {
        await test.platform.postgres.query('TRUNCATE people, parts');
        const shuffled = log.entries
          .map((entry) => ({ entry, key: keys.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ entry }) => entry);
        const batches = Array.from({ length: Math.ceil(shuffled.length / size) }, (_, i) =>
          shuffled.slice(i * size, (i + 1) * size),
        );
        const lanes = [0, 1, 2].map(async (lane) => {
          for (let i = lane; i < batches.length; i += 3) await handle(batches[i] ?? []);
        });
        await Promise.all(lanes);
        expect({ living: await living(), parts: await parts() }).toEqual(expectedOf(log));
      }),
      { numRuns: 60 },
    );
  });
});

function keyOf({ lone, livesIn }: Fact): LoneKey {
  return { workspaceId, profileId: lone, livesIn };
}

async function save(
  people: LockedPeople<Told>,
  query: (text: string, values: unknown[]) => Promise<unknown>,
): Promise<void> {
  for (const { profileId, survivorId, sequence, partIds, state } of people.changed()) {
    const update = 'UPDATE people SET survivor_id = $2, sequence = $3, part_ids = $4, told = $5 WHERE profile_id = $1';
    await query(update, [profileId, survivorId, sequence, partIds, JSON.stringify(state)]);
  }
  for (const { profileId, state } of people.changedParts()) {
    if (state === undefined) await query('DELETE FROM parts WHERE profile_id = $1', [profileId]);
    else {
      const upsert = `INSERT INTO parts VALUES ('shop', $1, $2)
        ON CONFLICT (workspace_id, profile_id) DO UPDATE SET state = excluded.state`;
      await query(upsert, [profileId, JSON.stringify(state)]);
    }
  }
  people.saved();
}

interface Log {
  readonly entries: readonly Entry[];
  /** Lone profiles by the person they are at the end. */
  readonly persons: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What a resolver tells: persons begin with one or two identifiers, are merged, told something of, and split. */
function history(): fc.Arbitrary<Log> {
  const step = fc.tuple(fc.constantFrom('fact', 'fact', 'fact', 'merge', 'split'), fc.nat(), fc.nat());
  return fc.array(step, { minLength: 1, maxLength: 25 }).map((steps) => {
    const persons = new Map<string, Set<string>>([
      ['a', new Set(['a', 'a2'])],
      ['b', new Set(['b'])],
      ['c', new Set(['c', 'c2'])],
      ['d', new Set(['d'])],
    ]);
    const entries = steps.map(([kind, i, j], n) => entryOf(persons, { kind, i, j, sequence: n + 1 }));
    return { entries: entries.flatMap((entry) => entry ?? []), persons };
  });
}

function entryOf(
  persons: Map<string, Set<string>>,
  { kind, i, j, sequence }: { kind: string; i: number; j: number; sequence: number },
): Entry | undefined {
  const ids = [...persons.keys()];
  const person = ids[i % ids.length] ?? '';
  const profiles = persons.get(person) ?? new Set();
  if (kind === 'fact') {
    return { kind, lone: [...profiles][j % profiles.size] ?? '', livesIn: person, name: String(sequence) };
  }
  if (kind === 'merge') {
    const survivor = ids[j % ids.length] ?? '';
    if (survivor === person) return undefined;
    persons.delete(person);
    for (const each of profiles) persons.get(survivor)?.add(each);
    return { kind: 'move', to: survivor, profileIds: [...profiles], sequence };
  }
  const leaving = [...profiles].filter((id) => id !== person).slice(0, 1 + (j % 2));
  const to = leaving[0];
  if (to === undefined) return undefined;
  persons.set(to, new Set(leaving));
  for (const each of leaving) profiles.delete(each);
  return { kind: 'move', to, profileIds: leaving, sequence };
}

/** Each person from the facts of its own lone profiles alone. */
function expectedOf({ entries, persons }: Log): { living: Record<string, string>; parts: Record<string, string> } {
  const told = (profiles: ReadonlySet<string>): string =>
    entries
      .flatMap((entry) => (entry.kind === 'fact' && profiles.has(entry.lone) ? [entry.name] : []))
      .sort()
      .join(' ');
  const living: Record<string, string> = {};
  const parts: Record<string, string> = {};
  for (const [person, profiles] of persons) {
    const all = told(profiles);
    if (all !== '') living[person] = all;
    const telling = [...profiles].filter((id) => told(new Set([id])) !== '');
    if (telling.every((id) => id === person)) continue;
    for (const id of telling) parts[id] = told(new Set([id]));
  }
  return { living, parts };
}
