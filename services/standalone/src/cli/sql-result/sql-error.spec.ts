import { sqlFailure } from './sql-error.js';

const failure = (code: string, message: string) => sqlFailure(Object.assign(new Error(message), { code }));

describe('what ClickHouse refuses, in words for the asker', () => {
  it('leaves out the format that we ask for, and what else could have stood there', () => {
    const said =
      'Syntax error: failed at position 9 (x) (line 1, col 9): x \nFORMAT JSONCompact. Expected end of query. (SYNTAX_ERROR)';
    expect(failure('62', said).message).toBe(
      'The question is no ClickHouse SQL: Syntax error: failed at position 9 (x) (line 1, col 9): x',
    );
  });

  it('tells a setting that may not be changed from a table that may not', () => {
    const setting = failure('164', "Cannot modify 'max_threads' setting in readonly mode.");
    expect(setting.message).toContain('An analyst cannot change this setting in a question');
    const table = failure('164', 'Cannot execute query in readonly mode.');
    expect(table.message).toContain('An analyst can read and change nothing');
  });

  it('tells what a view says of its parameters, and not what the engine was doing with them', () => {
    const said =
      "by must be all, month or tag: while executing 'FUNCTION throwIf(...)'. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO)";
    const { message, hint } = failure('395', said);
    expect(message).toBe('The question cannot be answered: by must be all, month or tag');
    expect(hint).toContain('docs/sql/reference.md');
  });

  it('repeats an error that it has no words for', () => {
    expect(failure('9999', 'Something new').message).toBe('ClickHouse refused the question: Something new');
  });
});
