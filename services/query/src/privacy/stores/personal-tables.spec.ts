import { personalTables, type Column } from './personal-tables.js';

const columns = (table: string, ...names: string[]): Column[] =>
  names.map((column) => ({ table, column, type: column.endsWith('_id') ? 'uuid' : 'text' }));
const found = (...all: Column[][]) =>
  personalTables(all.flat()).map(({ table, hasWorkspace, profiles, hashes }) => [
    table,
    hasWorkspace,
    ...profiles.map(({ column }) => column),
    ...hashes.map(({ column }) => column),
  ]);

describe('tables about people', () => {
  it('are those with a column that names one, new ones too', () => {
    expect(
      found(columns('shop.wishes', 'workspace_id', 'profile_id', 'wish'), columns('shop.prices', 'price')),
    ).toEqual([['shop.wishes', true, 'profile_id']]);
  });

  it('go by the lone profile where there is one: the other may have been somebody else', () => {
    expect(found(columns('t', 'workspace_id', 'profile_id', 'lone_profile_id'))).toEqual([
      ['t', true, 'lone_profile_id'],
    ]);
  });

  it('hold links from either side, and keyed hashes', () => {
    expect(found(columns('l', 'lower_id', 'higher_id'), columns('h', 'workspace_id', 'identifier_hash'))).toEqual([
      ['l', false, 'lower_id', 'higher_id'],
      ['h', true, 'identifier_hash'],
    ]);
  });

  it('are not the suppression list, which outlives the person', () => {
    expect(found(columns('collect.suppressions', 'workspace_id', 'identifier_hash'))).toEqual([]);
  });
});
