import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './analytics.js';

/** Every view of schemas/clickhouse/views, by name. */
export function viewNames(): readonly string[] {
  return globSync('schemas/clickhouse/views/*.sql', { cwd: root })
    .map((file) => /CREATE OR REPLACE VIEW (\w+)/.exec(readFileSync(path.join(root, file), 'utf8'))?.[1] ?? file)
    .toSorted();
}

/** Text of the specs that say what answers views give; those that go through all views alike are left out. */
export function specsAboutViews(): string {
  const files = ['test/**/*.spec.ts', 'services/analyze/src/**/*.spec.ts', 'services/query/src/**/*.spec.ts'];
  const generic = /test\/(sql-docs|bench)\/|test\/analytics\/(laws|every-view)\./;
  return globSync(files, { cwd: root, exclude: ['**/node_modules/**', '**/dist/**'] })
    .filter((file) => !generic.test(file))
    .map((file) => readFileSync(path.join(root, file), 'utf8'))
    .join('\n');
}
