import type { ServiceName } from '@rapport/events';
import { loadSql } from '@rapport/profile-db';
import type { PoolClient } from 'pg';

const sql = {
  schedule: loadSql(import.meta.url, 'schedule-timers'),
  cancel: loadSql(import.meta.url, 'cancel-timers'),
};

/** A wish to be told when a moment has come. `(owner, timerId)` is its identity: scheduling again moves it. */
export interface Timer {
  readonly workspaceId: string;
  readonly owner: ServiceName;
  readonly timerId: string;
  readonly profileId: string | null;
  readonly purpose: string;
  /** Milliseconds since the epoch. */
  readonly dueAt: number;
}

/** Sets timers in the transaction of the state that waits for them. Of several with one identity the last counts. */
export async function scheduleTimers(tx: PoolClient, timers: readonly Timer[]): Promise<void> {
  const distinct = [...new Map(timers.map((timer) => [`${timer.owner}\0${timer.timerId}`, timer])).values()];
  if (distinct.length === 0) return;
  const values = [
    distinct.map(({ owner }) => owner),
    distinct.map(({ timerId }) => timerId),
    distinct.map(({ workspaceId }) => workspaceId),
    distinct.map(({ profileId }) => profileId),
    distinct.map(({ purpose }) => purpose),
    distinct.map(({ dueAt }) => dueAt),
  ];
  await tx.query({ name: 'schedule-timers', text: sql.schedule, values });
}

/** Forgets timers. One that is falling due at this very moment may still fire; its owner ignores it. */
export async function cancelTimers(tx: PoolClient, owner: ServiceName, timerIds: readonly string[]): Promise<void> {
  if (timerIds.length === 0) return;
  await tx.query({ name: 'cancel-timers', text: sql.cancel, values: [owner, timerIds] });
}
