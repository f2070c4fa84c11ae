// The import rules of the architecture (README, "Layout"), as lint errors. test/architecture proves each with a violating sample.
const pureLibraries = ['events', 'identity', 'profile', 'segmentation', 'scoring', 'journeys'];
const adapters = ['event-log', 'profile-db', 'analytics-db'];
const pureDependencies = ['uuid', 'decimal.js', 'temporal-polyfill', '@noble', 'fast-check', '@jest/globals'];

const noDeepImports = {
  group: ['@rapport/*/*', '**/libs/**', '**/services/**'],
  message: 'Import a library by its name: each has one explicit index.ts.',
};
const noServices = {
  regex: '^@rapport/service-',
  message: 'A service never imports another service; only services/standalone composes them.',
};
const noNest = { group: ['@nestjs/*', 'rxjs'], message: 'Only libs/runtime and the services know Nest.' };

const noClockOrRandomness = [
  { object: 'Date', property: 'now', message: 'Time is an argument in pure code.' },
  { object: 'Math', property: 'random', message: 'Randomness is an argument in pure code.' },
  { object: 'performance', property: 'now', message: 'Time is an argument in pure code.' },
  { object: 'crypto', property: 'randomUUID', message: 'Ids are arguments in pure code.' },
];
const noClockConstruction = {
  selector: "NewExpression[callee.name='Date'][arguments.length=0]",
  message: 'Time is an argument in pure code: new Date() reads the clock.',
};
const noExportAll = {
  selector: 'ExportAllDeclaration',
  message: 'One explicit index.ts per library: name what you export.',
};

const specs = ['**/*.spec.ts'];

export const boundaries = [
  {
    files: ['libs/**/*.ts', 'services/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [noDeepImports, noServices] }] },
  },
  {
    files: pureLibraries.map((name) => `libs/${name}/src/**/*.ts`),
    ignores: specs,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^(?!\\.{1,2}/|@rapport/events$|(${pureDependencies.join('|')})($|/))`,
              message: `A pure library imports @rapport/events and ${pureDependencies.join(', ')} only: no node: modules, no I/O.`,
            },
          ],
        },
      ],
      'no-restricted-properties': ['error', ...noClockOrRandomness],
      'no-restricted-syntax': ['error', noClockConstruction, noExportAll],
      'no-restricted-globals': ['error', 'process', 'setTimeout', 'setInterval', 'setImmediate', 'fetch', 'Buffer'],
    },
  },
  {
    files: adapters.map((name) => `libs/${name}/src/**/*.ts`),
    rules: { 'no-restricted-imports': ['error', { patterns: [noDeepImports, noServices, noNest] }] },
  },
  {
    files: ['services/standalone/src/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [noDeepImports] }] },
  },
  {
    files: ['libs/**/*.ts', 'services/**/*.ts'],
    ignores: ['libs/runtime/src/config/**', 'libs/testing/**', ...specs],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'The environment is read once, in libs/runtime/src/config.' },
      ],
    },
  },
];
