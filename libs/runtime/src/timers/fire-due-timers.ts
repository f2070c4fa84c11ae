import type { ServiceName } from '@rapport/events';
import type { EventCodec, EventLog } from '@rapport/event-log';
import { inTransaction, loadSql } from '@rapport/profile-db';
import type { Pool } from 'pg';

const takeDue = loadSql(import.meta.url, 'take-due-timers');

export interface TimerParts {
  readonly eventLog: EventLog;
  readonly codec: EventCodec;
  readonly postgres: Pool;
}

/**
 * Appends `timer-fired` for up to `limit` timers of `owner` that are due at `now`, and forgets them. Returns how many.
 * A crash between append and commit fires a timer twice; its owner ignores the second, as it waits no more.
 */
export async function fireDueTimers(
  owner: ServiceName,
  now: number,
  { eventLog, codec, postgres }: TimerParts,
  limit = 1000,
): Promise<number> {
  return inTransaction(postgres, async (tx) => {
    const { rows } = await tx.query<{
      timer_id: string;
      workspace_id: string;
      profile_id: string | null;
      purpose: string;
      due_at: number;
    }>(takeDue, [owner, now, limit]);
    const due = rows.sort((a, b) => a.due_at - b.due_at || (a.timer_id < b.timer_id ? -1 : 1));
    if (due.length === 0) return 0;
    await eventLog.append(
      due.map((timer) => ({
        topic: 'timers' as const,
        key: timer.profile_id ?? timer.workspace_id,
        value: codec.encode('timer-fired', {
          workspaceId: timer.workspace_id,
          owner,
          timerId: timer.timer_id,
          profileId: timer.profile_id,
          purpose: timer.purpose,
          dueAt: timer.due_at,
          firedAt: now,
        }),
      })),
    );
    return due.length;
  });
}
