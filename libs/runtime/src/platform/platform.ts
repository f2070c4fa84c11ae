import type { ClickHouseClient } from '@clickhouse/client';
import type { EventCodec, EventLog, SubjectVault } from '@rapport/event-log';
import type { Logger } from 'pino';
import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import type { AuditLog } from '../audit/audit-log.js';
import type { RapportConfig } from '../config/config.js';
import type { HealthChecks } from '../observability/health-checks.js';

/**
 * What a service stands on. The parts are made on first use, so that a service which needs only the log (collect)
 * starts and runs while the databases are away.
 */
export interface Platform {
  readonly config: RapportConfig;
  /** Milliseconds since the epoch. The only clock a service may read; pure code gets its value as an argument. */
  readonly clock: () => number;
  readonly logger: Logger;
  readonly metrics: Registry;
  readonly health: HealthChecks;
  readonly eventLog: EventLog;
  readonly codec: EventCodec;
  readonly vault: SubjectVault;
  readonly postgres: Pool;
  /** The same database, for short reads that somebody waits for: connections of their own, statements planned once. */
  readonly reads: Pool;
  /** Who changed or read what; see docs/privacy.md. */
  readonly audit: AuditLog;
  /** Writes as Rapport itself; analysts have a user of their own. */
  readonly clickhouse: ClickHouseClient;
}

/** Nest injection token of the `Platform`: `constructor(@Inject(PLATFORM) private readonly platform: Platform)`. */
export const PLATFORM = Symbol('rapport.platform');
