export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded/embedded-postgres.js';
export { loadSql } from './load-sql.js';
export { migratePostgres, MigrationMismatchError } from './migrations/migrate-postgres.js';
export { createPostgresPool, type PostgresPoolOptions } from './postgres-pool.js';
export { isRaceLost, isRetriablePostgresError } from './retriable.js';
export { onConnection } from './connection.js';
export { inTransaction } from './transaction.js';
export { lockPeople } from './people/lock-people.js';
export { saveParts } from './people/save-parts.js';
export type { LockedPeople } from './people/locked-people.js';
export type {
  ChangedPart,
  LockedPerson,
  LoneKey,
  PeopleTable,
  PersonKey,
  PersonRow,
  ProfilesMoved,
  RegroupedPerson,
  StateRow,
} from './people/people-table.js';
export { RememberedStates } from './people/remembered-states.js';
export { movedBy, type MoveEvent, type ProfilesMovedByEvent } from './people/moved-by.js';
export { createGraphReader } from './identity-graph/graph-reader.js';
export { lockIdentityGraph, movesKept, saveIdentityGraph } from './identity-graph/graph-writer.js';
export { readMoves, type MovesSince } from './identity-graph/read-moves.js';
export { canonicalTables, digestTable, type CanonicalTable, type TableDigest } from './canonical/canonical-tables.js';
export { enterShadowSchema, openShadowSchema, type ShadowOptions, type ShadowSchema } from './rebuild/shadow-schema.js';
