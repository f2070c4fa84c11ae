import { type JsonObject } from '@rapport/events';

/** One Segment message of a demo, with the time at which it happened (ISO 8601, UTC). Resending it keeps its `messageId`. */
export interface DemoMessage {
  readonly type: 'identify' | 'track' | 'page';
  readonly messageId: string;
  readonly timestamp: string;
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly event?: string;
  readonly name?: string;
  readonly properties?: JsonObject;
  readonly traits?: JsonObject;
  readonly context?: JsonObject;
}

/** A message and the person it is about: messages of one person are sent in order, others side by side. */
export interface DemoTouchpoint {
  readonly person: string;
  readonly message: DemoMessage;
}

/** A shop's past, oldest first. */
export interface ShopHistory {
  readonly title: string;
  /** Every `messageId` begins with it, so that one query counts what has arrived. */
  readonly messageIdPrefix: string;
  readonly currency: string;
  readonly touchpoints: readonly DemoTouchpoint[];
  /** Conventions and what was left out, one sentence each, for people. */
  readonly notes: readonly string[];
}

/** Oldest first; the messageId decides between touchpoints of one instant, so that the order is the same on every run. */
export function inOrderOfTime(touchpoints: readonly DemoTouchpoint[]): DemoTouchpoint[] {
  return touchpoints.toSorted(
    (a, b) =>
      compareText(a.message.timestamp, b.message.timestamp) || compareText(a.message.messageId, b.message.messageId),
  );
}

/**
 * The same history, moved so that its last touchpoint is at `now` (to the minute, never later). Ids stay as they are, so a data
 * folder that already holds the history keeps its first dates.
 */
export function shiftedTo(history: ShopHistory, now: number): ShopHistory {
  const last = history.touchpoints.at(-1);
  if (last === undefined) return history;
  const minute = 60_000;
  const shift = Math.floor((now - Date.parse(last.message.timestamp)) / minute) * minute;
  return {
    ...history,
    touchpoints: history.touchpoints.map(({ person, message }) => ({
      person,
      message: { ...message, timestamp: new Date(Date.parse(message.timestamp) + shift).toISOString() },
    })),
    notes: [...history.notes, `The whole history is moved by ${days(shift)} days, so that its last touchpoint is now.`],
  };
}

function days(milliseconds: number): string {
  return (milliseconds / 86_400_000).toFixed(1);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
