import type { ServiceName } from '@rapport/events';
import type { PoolClient } from 'pg';
import type { Platform } from '../platform/platform.js';
import type { ComparedTable } from './rebuild.js';

/** Inside of a copy of what a consumer keeps. */
export interface InShadow {
  /** What the consumer stands on that builds: its tables, positions and timers are those of the copy. */
  readonly platform: Platform;
  close(): Promise<void>;
}

/** Enters a copy that is there, to build in it with others. Closing leaves it there. */
export type EnterShadow = (platform: Platform, name: ServiceName) => InShadow;

/** A copy of what a consumer keeps, to build in while the live one serves. Closing removes it. */
export interface Shadow extends InShadow {
  /** Resolves when no batch of the live consumer is under way outside of PostgreSQL; none begins any more. */
  settled(): Promise<void>;
  /** Digests of both, of the moment at which the live positions are held. */
  compare(tx: PoolClient): Promise<readonly ComparedTable[]>;
  /** Puts what was built in the place of what was there. */
  swap(tx: PoolClient): Promise<void>;
}
