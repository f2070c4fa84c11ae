import { byWorkspace, rowsOf } from './people.js';
import { personalTables } from './personal-tables.js';

const person = (name: string, workspaceId = 'shop') => ({
  workspaceId,
  profileIds: [`${name}-1`, `${name}-2`],
  subjectIds: [`${name}-subject`],
  identifierHashes: [`${name}-hash`],
});
const tableWith = (...columns: string[]) =>
  personalTables(columns.map((column) => ({ table: 't', column, type: 'text' })))[0]!;

describe('rows about several people', () => {
  it('are reached by one statement for each workspace', () => {
    expect(byWorkspace([person('ada'), person('eva', 'club'), person('bob')])).toEqual([
      {
        workspaceId: 'shop',
        profileIds: ['ada-1', 'ada-2', 'bob-1', 'bob-2'],
        subjectIds: ['ada-subject', 'bob-subject'],
        identifierHashes: ['ada-hash', 'bob-hash'],
      },
      person('eva', 'club'),
    ]);
    expect(byWorkspace([])).toEqual([]);
  });

  it('count for whom they name, and those between two people for both', () => {
    const links = tableWith('lower_id', 'higher_id');
    const groups = [
      { named: { lower_id: 'ada-1', higher_id: 'bob-1' }, rows: 2 },
      { named: { lower_id: 'ada-1', higher_id: 'ada-2' }, rows: 3 },
      { named: { lower_id: 'bob-2', higher_id: 'somebody' }, rows: 5 },
    ];
    expect(['ada', 'bob', 'eva'].map((name) => rowsOf(person(name), links, groups))).toEqual([5, 7, 0]);
  });

  it('name a person by what belongs into the column, and nobody by nothing', () => {
    const table = tableWith('profile_id', 'subject_id', 'identifier_hash');
    const named = (profile: string | null, subject: string | null, hash: string | null) => [
      { named: { profile_id: profile, subject_id: subject, identifier_hash: hash }, rows: 1 },
    ];
    const ada = person('ada');
    expect(rowsOf(ada, table, named('x', 'ada-subject', null))).toBe(1);
    expect(rowsOf(ada, table, named(null, 'x', 'ada-hash'))).toBe(1);
    expect(rowsOf(ada, table, named('ada-subject', 'ada-hash', 'ada-1'))).toBe(0);
    expect(rowsOf(ada, table, named(null, null, ''))).toBe(0);
  });
});
