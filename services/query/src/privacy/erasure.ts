/** One table or part that was looked through for a person. */
export interface Finding {
  /** For example `postgresql profile.profiles`. */
  readonly store: string;
  /** What of the person stood there, in rows, keys or files. */
  readonly removed: number;
  /** What still stands there; 0, or the erasure is not completed. */
  readonly left: number;
  readonly note?: string;
}

export type ErasureStatus = 'requested' | 'completed';

/** In this order; an erasure that was cut off begins again at the first one, and finds less to do. */
export const erasureSteps = [
  'waiting',
  'destroying keys',
  'letting consumers pass',
  'taking out of tables',
  'waiting for cached keys to expire',
  'looking through the log',
  'purging PostgreSQL',
  'purging ClickHouse',
  'rewriting files',
  'completed',
] as const;
export type ErasureStep = (typeof erasureSteps)[number];

/** A person to erase, by ids and keyed hashes only. */
export interface Erasure {
  readonly erasureId: string;
  readonly workspaceId: string;
  readonly status: ErasureStatus;
  readonly step: ErasureStep;
  /** The one the person lives on in first. */
  readonly profileIds: readonly string[];
  readonly subjectIds: readonly string[];
  readonly identifierHashes: readonly string[];
  readonly requestedBy: string;
  /** Milliseconds since the epoch, like `completedAt`. */
  readonly requestedAt: number;
  readonly findings: readonly Finding[];
  readonly certificate: string | null;
  readonly completedAt: number | null;
}
