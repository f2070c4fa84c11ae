import type { EventLog, LogRecord, PartitionBatch, TopicPartition } from '@rapport/event-log';

/** Reads one partition from `from` (the beginning) up to `until`, letting the caller look at the next record before taking it. */
export interface PartitionCursor extends TopicPartition {
  /** Append time of the next record; `undefined` at the end. */
  peek(): Promise<number | undefined>;
  /** The next records appended no later than `notAfter`, at most `limit`; `undefined` if there are none. */
  take(notAfter: number, limit: number): Promise<PartitionBatch | undefined>;
}

export function openCursor(
  log: EventLog,
  at: TopicPartition & { readonly from?: number; readonly until: number },
): PartitionCursor {
  const { topic, partition, from = 0, until } = at;
  const chunks = log.read({ topic, partition, from, to: until })[Symbol.asyncIterator]();
  let chunk: readonly LogRecord[] = [];
  let next = 0;
  let ended = until <= from;

  const fill = async (): Promise<LogRecord | undefined> => {
    while (next >= chunk.length && !ended) {
      const { done, value } = await chunks.next();
      if (done) ended = true;
      else [chunk, next] = [value, 0];
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
      if (!last) return undefined;
      // At the end the position jumps to where the live consumer stood, over offsets that the log no longer holds.
      const following = await fill();
      const nextOffset = following ? last.offset + 1 : at.until;
      return { topic: at.topic, partition: at.partition, records, nextOffset, highWatermark: at.until };
    },
  };
}
