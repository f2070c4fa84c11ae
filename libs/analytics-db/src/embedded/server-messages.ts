import type { Users } from './users.js';

/** What the parent tells the child that holds chDB, and hears from it. */
export interface ServerStart {
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  readonly users: Users;
  readonly database: string;
  /** What an analyst's question may take; the default of `analystLimits` when not given. */
  readonly analystMemoryBytes?: number | undefined;
}

export type ToServer = { readonly kind: 'start'; readonly start: ServerStart } | { readonly kind: 'stop' };

export type FromServer =
  { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly message: string; readonly code: string | null };
