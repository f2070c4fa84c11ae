import { deriveId } from '@rapport/events';
import type { LogRecord } from '@rapport/event-log';
import { lifecycleChange, type ProfileRules, type ProfileState } from '@rapport/profile';
import type { PersonKey } from '@rapport/profile-db';
import { scheduleTimers, type Output, type Timer } from '@rapport/runtime';
import type { PoolClient } from 'pg';

/** What made somebody's stage be looked at again. */
export interface LifecycleCause {
  readonly record: LogRecord;
  readonly causeId: string;
  readonly imported: boolean;
  /** Log time of a merge or split; a fact has moved the person's clock itself. */
  readonly at?: number;
  /** The timer of the person, if one was pending, has fired or may be another person's now. */
  readonly timerIsGone: boolean;
}

/** Collects the changes of stages, to be told on `lifecycle-stages`, and the timers that stages which end by themselves need. */
export class LifecycleNotes {
  private readonly told: Output[] = [];
  /** By person; the last counts. */
  private readonly timers = new Map<string, Omit<Timer, 'timerId'> & PersonKey>();

  /** `isMute`: changes are not told, only timers set. */
  constructor(
    private readonly rules: ProfileRules,
    private readonly isMute: boolean,
  ) {}

  /** Compares a person before and after a fact, a merge or a split. */
  see(person: PersonKey, before: ProfileState, after: ProfileState, cause: LifecycleCause): void {
    if (before.lifecycle === after.lifecycle && !cause.timerIsGone) return;
    this.noteTimer(person, before, after, cause);
    if (this.isMute) return;
    const change = lifecycleChange(this.rules, before, after);
    if (change === undefined) return;
    const { workspaceId, profileId } = person;
    const { record, causeId, imported } = cause;
    const { since: timestamp, decidedAt, ...stages } = change;
    const about = { workspaceId, profileId, causeId, imported };
    const value = { ...about, ...stages, timestamp, decidedAt: cause.at ?? decidedAt };
    this.told.push({ topic: 'lifecycle-stages', name: 'lifecycle-changed', key: profileId, value, causedBy: record });
  }

  get outputs(): readonly Output[] {
    return this.told;
  }

  async setTimers(tx: PoolClient): Promise<void> {
    await scheduleTimers(
      tx,
      [...this.timers.values()].map((timer) => {
        return { ...timer, timerId: deriveId('lifecycle-timer', timer.workspaceId, timer.profileId) };
      }),
    );
  }

  /** A pending timer that is due earlier stays: when it fires, the next one is set. So a busy customer costs one a window. */
  private noteTimer(
    { workspaceId, profileId }: PersonKey,
    before: ProfileState,
    after: ProfileState,
    { timerIsGone }: LifecycleCause,
  ): void {
    const dueAt = after.lifecycle?.dueAt ?? null;
    const pending = timerIsGone ? null : (before.lifecycle?.dueAt ?? null);
    if (dueAt === null || (pending !== null && pending <= dueAt)) return;
    const timer = { workspaceId, owner: 'profile', profileId, purpose: 'lifecycle', dueAt } as const;
    this.timers.set(`${workspaceId}/${profileId}`, timer);
  }
}
