export { analystOf } from './analyst.js';
export { insertSettings, querySettings } from './client/clickhouse-settings.js';
export { analystLimits } from './embedded/analyst-limits.js';
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
