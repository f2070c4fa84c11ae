import type { EventLog, LogRecord, PartitionBatch, TopicPartition } from '@rapport/event-log';

/** Reads one partition from `from` (the beginning) up to `until`, letting the caller look at the next record before taking it. */
export interface PartitionCursor extends TopicPartition {
  /** Append time of the next record; `undefined` at the end. */
  peek(): Promise<number | undefined>;
  /** The next records appended no later than `notAfter`, at most `limit`; `undefined` if there are none. */
  take(notAfter: number, limit: number): Promise<TakenBatch | undefined>;
}

export interface TakenBatch extends PartitionBatch {
  /** Records that were left out on the way, because they are of no concern. */
  readonly leftOut: number;
}

/** @param isOfConcern records for which it says no are as if they were not there */
export function openCursor(
  log: EventLog,
  at: TopicPartition & { readonly from?: number; readonly until: number },
  isOfConcern: (record: LogRecord) => boolean = () => true,
): PartitionCursor {
  const { topic, partition, from = 0, until } = at;
  const chunks = log.read({ topic, partition, from, to: until })[Symbol.asyncIterator]();
  let chunk: readonly LogRecord[] = [];
  let next = 0;
  let leftOut = 0;
  let ended = until <= from;

  const fill = async (): Promise<LogRecord | undefined> => {
    while (next >= chunk.length && !ended) {
      const { done, value } = await chunks.next();
      if (done) {
        ended = true;
      } else {
        [chunk, next] = [value.filter(isOfConcern), 0];
        leftOut += value.length - chunk.length;
      }
    }
    return chunk[next];
  };

  return {
    topic: at.topic,
    partition: at.partition,
    peek: async () => (await fill())?.appendedAt,
    async take(notAfter, limit) {
      const records: LogRecord[] = [];
      const fits = (record: LogRecord | undefined): record is LogRecord =>
        record !== undefined && record.appendedAt <= notAfter && records.length < limit;
      while (fits(await fill())) {
        for (let record = chunk[next]; fits(record); record = chunk[next]) {
          records.push(record);
          next += 1;
        }
      }
      const last = records.at(-1);
      const following = await fill();
      if (!last && (following || leftOut === 0)) return undefined;
      // At the end the position jumps to where the live consumer stood, over offsets that the log no longer holds.
      const nextOffset = last && following ? last.offset + 1 : at.until;
      const batch = { topic: at.topic, partition: at.partition, records, nextOffset, highWatermark: at.until, leftOut };
      leftOut = 0;
      return batch;
    },
  };
}
