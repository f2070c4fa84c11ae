import { availableParallelism } from 'node:os';

// One configuration for every project: sources run through swc, the workspace's packages resolve to their sources.
export default {
  testMatch: ['<rootDir>/{libs,services,test}/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '<rootDir>/test/architecture/samples/'],
  modulePathIgnorePatterns: ['/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { exclude: [] }] },
  moduleNameMapper: {
    '^@rapport/service-([a-z-]+)$': '<rootDir>/services/$1/src/index.ts',
    '^@rapport/([a-z-]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  testEnvironment: 'node',
  // For what hangs. It says nothing of speed: a loaded machine may take long.
  testTimeout: 300_000,
  // Many suites start databases and services beside themselves, which want the other half of the cores.
  maxWorkers: Math.max(2, Math.floor(availableParallelism() / 2)),
};
