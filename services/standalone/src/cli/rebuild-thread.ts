import { enableCompileCache } from 'node:module';

// A thread of `rapport replay`. The cache is each thread's own to ask for, before it loads anything.
enableCompileCache();
const [{ buildInThread }, { projections }] = await Promise.all([
  import('@rapport/runtime'),
  import('./projections.js'),
]);
buildInThread((name) => {
  const projection = projections.get(name);
  if (projection === undefined) throw new Error(`there is nothing to rebuild by the name of ${name}`);
  return projection;
});
