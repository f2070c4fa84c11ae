import type { TopicName } from '@rapport/events';
import type { PartitionReading } from './builder.js';

/**
 * Has all of the readings handled; of topics that wait (timers), each record after all that stood before it on the log. `lanes`
 * says who does what side by side: each gets its readings one after the other.
 */
export async function readInLogOrder(
  lanes: readonly (readonly PartitionReading[])[],
  waits: (topic: TopicName) => boolean,
): Promise<void> {
  const waiting = lanes.map((lane) => lane.filter(({ topic }) => waits(topic)));
  const others = lanes.map((lane) => lane.filter(({ topic }) => !waits(topic)));
  for (;;) {
    const barrier = await earliest(waiting.flat());
    let moved = await advanceAll(others, barrier ?? Infinity);
    const head = await earliest(others.flat());
    moved = (await advanceAll(waiting, head ?? Infinity)) || moved;
    if (!moved) return;
  }
}

async function advanceAll(lanes: readonly (readonly PartitionReading[])[], notAfter: number): Promise<boolean> {
  let moved = false;
  const advance = async (lane: readonly PartitionReading[]): Promise<void> => {
    for (const reading of lane) {
      const before = reading.position;
      await reading.advance(notAfter);
      moved ||= reading.position > before;
    }
  };
  await Promise.all(lanes.map(advance));
  return moved;
}

async function earliest(readings: readonly PartitionReading[]): Promise<number | undefined> {
  const times = (await Promise.all(readings.map((reading) => reading.peek()))).filter((time) => time !== undefined);
  return times.length > 0 ? Math.min(...times) : undefined;
}
