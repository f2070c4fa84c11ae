import type { ServiceName } from '@rapport/events';
import { canonicalTables, inTransaction, type CanonicalTable } from '@rapport/profile-db';
import type { Platform } from '../platform/platform.js';

/** Gives `read` the live tables of a consumer in canonical form, by `schema.table`, all as of one moment. */
export type ReadState = <T>(
  platform: Platform,
  name: ServiceName,
  read: (tables: readonly CanonicalTable[]) => Promise<T>,
) => Promise<T>;

/** The tables in the PostgreSQL schema of the consumer's name. Nobody is held up. */
export const readPostgresState: ReadState = ({ postgres }, name, read) =>
  inTransaction(postgres, async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await tx.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    const tables = await canonicalTables(tx, name);
    return read(tables.map((table) => ({ ...table, name: `${name}.${table.name}` })));
  });
