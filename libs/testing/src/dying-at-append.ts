import type { TopicName } from '@rapport/events';
import { EventLogUnavailableError, type EventLog } from '@rapport/event-log';
import type { Platform } from '@rapport/runtime';

export interface DyingPlatform {
  readonly platform: Platform;
  /** Resolves when it has died. Whatever runs on it should be stopped then. */
  readonly died: Promise<void>;
}

/** The platform of a process that dies when it appends to `topic`: just before, or just after the records are durable. */
export function dyingAtAppend(platform: Platform, topic: TopicName, when: 'before' | 'after'): DyingPlatform {
  const { promise: died, resolve: die } = Promise.withResolvers<void>();
  let isDead = false;
  const append: EventLog['append'] = async (records) => {
    const isTheMoment = !isDead && records.some((record) => record.topic === topic);
    if (!isDead && !isTheMoment) return platform.eventLog.append(records);
    if (isTheMoment && when === 'after') await platform.eventLog.append(records);
    isDead = true;
    die();
    throw new EventLogUnavailableError('this process is dead');
  };
  const eventLog: EventLog = Object.create(platform.eventLog, { append: { value: append } }) as EventLog;
  return { platform: Object.create(platform, { eventLog: { value: eventLog } }) as Platform, died };
}
