import { LRUCache } from 'lru-cache';
import type { PoolClient } from 'pg';

const maxPeople = 20_000;

interface Remembered<S> {
  readonly version: string;
  readonly state: S;
}

/**
 * States of people as a process wrote or read them last, each with the transaction that wrote its row. A locked row whose
 * `xmin` is that transaction still holds that state, whoever else writes: reading and parsing it again would cost more
 * than everything else that is done for a person. A transaction that was rolled back leaves entries that no row matches.
 *
 * Transaction ids are of one run of one server: after a fail-over or a restore the same ids are given out again, so
 * everything is forgotten as soon as another server answers. Whoever writes such a row does so through `LockedPeople`.
 */
export class RememberedStates<S> {
  private readonly states = new LRUCache<string, Remembered<S>>({ max: maxPeople });
  private server = '';

  /** @returns the version that rows written by this transaction will have */
  async versionOf(tx: PoolClient): Promise<string> {
    const { rows } = await tx.query<{ version: string; server: string }>({
      name: 'version-of-transaction',
      text: 'SELECT pg_current_xact_id()::xid::text AS version, pg_postmaster_start_time()::text AS server',
    });
    const [{ version, server }] = rows as [{ version: string; server: string }];
    if (server !== this.server) this.states.clear();
    this.server = server;
    return version;
  }

  get(name: string, version: string): S | undefined {
    const known = this.states.get(name);
    return known?.version === version ? known.state : undefined;
  }

  set(name: string, version: string, state: S): void {
    this.states.set(name, { version, state });
  }
}
