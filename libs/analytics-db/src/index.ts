export { analystOf, defaultWorkspace } from './analyst.js';
export { insertSettings, querySettings } from './client/clickhouse-settings.js';
export {
  startEmbeddedClickHouse,
  type EmbeddedClickHouse,
  type EmbeddedClickHouseOptions,
} from './embedded/embedded-clickhouse.js';
export {
  ClickHouseMigrationError,
  migrateClickHouse,
  type ClickHouseMigrationOptions,
} from './migrations/migrate-clickhouse.js';
