import type { LogRecord } from '@rapport/event-log';
import type { PassedOrigins } from './positions.js';

export interface OriginFilter {
  readonly fresh: readonly LogRecord[];
  /** Records that repeat what was passed before: a producer computed and appended them again after a crash. */
  readonly repeated: readonly LogRecord[];
  readonly passed: PassedOrigins;
}

/**
 * Drops records whose origin this reader has passed. A producer appends what it computes in the order of its input, so
 * within one partition the origins of one producer and input partition only grow, except where it repeats itself.
 */
export function dropPassedOrigins(records: readonly LogRecord[], passedBefore: PassedOrigins): OriginFilter {
  const passed: Record<string, readonly [number, number]> = { ...passedBefore };
  const fresh: LogRecord[] = [];
  const repeated: LogRecord[] = [];
  let before: Origin | undefined;
  let line = '';
  for (const record of records) {
    const { origin } = record;
    if (!origin) {
      fresh.push(record);
      continue;
    }
    // Most have the line of the one before.
    if (before === undefined || !isSameLine(origin, before)) line = lineOf(origin);
    before = origin;
    const last = passed[line];
    const isRepeated =
      last !== undefined && (origin.offset < last[0] || (origin.offset === last[0] && origin.sequence <= last[1]));
    if (isRepeated) {
      repeated.push(record);
    } else {
      passed[line] = [origin.offset, origin.sequence];
      fresh.push(record);
    }
  }
  return { fresh, repeated, passed };
}

type Origin = NonNullable<LogRecord['origin']>;

function lineOf({ producer, topic, partition }: Origin): string {
  return `${producer} ${topic} ${partition}`;
}

function isSameLine(a: Origin, b: Origin): boolean {
  return a.producer === b.producer && a.topic === b.topic && a.partition === b.partition;
}
