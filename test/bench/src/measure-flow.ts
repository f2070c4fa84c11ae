import { setTimeout as pause } from 'node:timers/promises';
import { load } from './child.js';
import { type Limits } from './measure-requests.js';
import { cpuBetween, usageOfTree } from './process-tree.js';
import { recordsDone, type Standalone } from './rapport.js';
import { cpuByPart, type BenchRow } from './report.js';
import { say } from './say.js';

const batchSize = 100;
const warmUpEvents = 40_000;
const patienceMs = 60_000;

/** Most people are known after it, and the code is compiled: as a server is that has run for a minute. */
export async function warmUp(standalone: Standalone): Promise<void> {
  await flow(standalone, 'warm-up', warmUpEvents);
}

/** Every consumer of profile touchpoints has handled every touchpoint; the clock runs from the first request to then. */
export async function measureFlow(standalone: Standalone, wanted: number, limits: Limits): Promise<BenchRow> {
  const { sent, consumers, seconds, cpuSeconds, memoryBytes } = await flow(standalone, 'flow', wanted);
  const events = sent.acknowledgedEvents;
  const eventsPerSecond = events / seconds;
  const limit = limits.get(`batches of ${batchSize}`);
  const acknowledged = Math.round(sent.eventsPerSecond).toLocaleString('en');
  return {
    what: `end to end, batches of ${batchSize}, ${consumers} consumers caught up`,
    events,
    seconds,
    eventsPerSecond,
    ratio: limit === undefined ? undefined : eventsPerSecond / limit,
    cpuSeconds,
    memoryBytes,
    note: [
      `${events.toLocaleString('en')} events, acknowledged at ${acknowledged}/s`,
      ...(cpuSeconds ? [`CPU an event: ${cpuByPart(cpuSeconds, events)}`] : []),
    ].join('; '),
  };
}

async function flow(standalone: Standalone, run: string, events: number) {
  const order = { run, batchSize, connections: 8, requests: Math.ceil(events / batchSize) };
  const doneBefore = await recordsDone(standalone, 'profile-touchpoints');
  const before = await usageOfTree(standalone.pid);
  const started = performance.now();
  const sent = await load(standalone, order);
  say(`${run}: ${sent.acknowledgedEvents} acknowledged in ${sent.seconds.toFixed(1)} s, ${sent.failed} failed`);
  const consumers = await untilCaughtUp(standalone, doneBefore, sent.acknowledgedEvents);
  const seconds = (performance.now() - started) / 1000;
  const after = await usageOfTree(standalone.pid);
  say(`${run}: all ${consumers} consumers caught up after ${seconds.toFixed(1)} s`);
  const cpuSeconds = before && after && cpuBetween(before, after);
  return { sent, consumers, seconds, cpuSeconds, memoryBytes: after?.memoryBytes };
}

/** Gives the number of consumers. Errors: one of them has stood still for a minute. */
async function untilCaughtUp(
  standalone: Standalone,
  before: ReadonlyMap<string, number>,
  events: number,
): Promise<number> {
  let slowest = 0;
  for (let movedAt = performance.now(); performance.now() - movedAt < patienceMs; await pause(100)) {
    const done = await recordsDone(standalone, 'profile-touchpoints');
    const counts = [...done].map(([consumer, count]) => count - (before.get(consumer) ?? 0));
    const least = counts.length === 0 ? 0 : Math.min(...counts);
    if (least >= events) return counts.length;
    if (least > slowest) [slowest, movedAt] = [least, performance.now()];
  }
  throw new Error(`a consumer stands still at ${slowest} of ${events} events`);
}
