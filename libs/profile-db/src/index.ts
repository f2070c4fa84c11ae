export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded/embedded-postgres.js';
export { loadSql } from './load-sql.js';
export { migratePostgres, MigrationMismatchError } from './migrations/migrate-postgres.js';
export { createPostgresPool, type PostgresPoolOptions } from './postgres-pool.js';
export { isRaceLost, isRetriablePostgresError } from './retriable.js';
export { inTransaction } from './transaction.js';
export {
  lockPeople,
  type LockedPeople,
  type LockedPerson,
  type PeopleTable,
  type PersonKey,
  type PersonRow,
} from './people/lock-people.js';
