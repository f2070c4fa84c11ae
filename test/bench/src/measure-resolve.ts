import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { runConsumer } from '@rapport/runtime';
import { resolveConsumer } from '@rapport/service-resolve';
import { appendTouchpoints, caughtUp, startTestPlatform, type TestPlatform } from '@rapport/testing';
import { say } from './say.js';
import type { BenchSection } from './sections.js';

const people = 5_000;
const perRound = 30_000;
const rounds = 4;

type Identified = (n: number) => { readonly userId: string; readonly anonymousId: string };

/** `resolve` alone: from the log, decoded and opened, to the log, with PostgreSQL as a process of its own. */
export const resolveSection: BenchSection = {
  name: 'resolve',
  title: 'resolving identities',
  summary: 'CPU time of resolve alone, for known and for new identifiers',
  measure: async () => {
    const test = await startTestPlatform();
    try {
      const known: Identified = (n) => named((n * 7919) % people, 'known');
      await round(test, known, people);
      const lines = [
        await best(test, 'known people', 0, () => known),
        await best(test, 'new people, with a device each', 2, (i) => (n) => named(n, `new-${i}`)),
        await best(test, 'a new device of known people', 1, (i) => (n) => ({
          ...named(n % people, 'known'),
          anonymousId: `device-${i}-${n}`,
        })),
      ];
      return `
| touchpoints | of one core, touchpoints/s | new identifiers/s | CPU a touchpoint |
| --- | ---: | ---: | ---: |
${lines.join('\n')}

CPU time of the process that runs \`resolve\`: reading the log, decoding, opening what is sealed, dropping duplicates, the identity
graph, encoding and appending. PostgreSQL's is not in it. The best of ${rounds} rounds of ${perRound.toLocaleString('en')}
touchpoints, as many as wait when a service comes back after a second or two: the machine had other work to do, which makes CPU time
longer too. Rounds were of 6,000 until 2026-11-22, in which what a round costs besides its touchpoints (the start of the
consumer, asking whether it is done) counted for more.
`;
    } finally {
      await test.stop();
    }
  },
};

function named(n: number, group: string) {
  return { userId: `${group}-user-${n}`, anonymousId: `${group}-device-${n}` };
}

async function best(
  test: TestPlatform,
  what: string,
  newIdentifiers: number,
  identified: (round: number) => Identified,
): Promise<string> {
  const seconds: number[] = [];
  for (let i = 0; i < rounds; i += 1) seconds.push(await round(test, identified(i), perRound));
  const each = Math.min(...seconds) / perRound;
  const rate = (count: number): string => (count === 0 ? '' : Math.round(count / each).toLocaleString('en'));
  return `| ${what} | ${rate(1)} | ${rate(newIdentifiers)} | ${Math.round(each * 1e6)} µs |`;
}

const consumers = new WeakMap<TestPlatform, ReturnType<typeof resolveConsumer>>();

/** The same in every round: it remembers the people it knows. */
function consumerOf(test: TestPlatform): ReturnType<typeof resolveConsumer> {
  const consumer = consumers.get(test) ?? resolveConsumer(test.platform);
  consumers.set(test, consumer);
  return consumer;
}

setFlagsFromString('--expose-gc');
/** What making the touchpoints left behind is not charged to who reads them. */
const collectGarbage = runInNewContext('gc') as () => void;

/** Seconds of CPU time. */
async function round(test: TestPlatform, identified: Identified, count: number): Promise<number> {
  const { platform } = test;
  for (let i = 0; i < count; i += 1_000) {
    const some = Array.from({ length: Math.min(1_000, count - i) }, (_, k) => ({
      ...identified(i + k),
      event: 'Product Viewed',
      properties: { product_id: 'sku-1', name: 'House Blend 1 kg', category: 'coffee', price: 29.9, position: 3 },
    }));
    await appendTouchpoints(platform, some);
  }
  const consumer = consumerOf(test);
  collectGarbage();
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  const running = await runConsumer(consumer, platform);
  await caughtUp(platform, consumer, { everyMs: 100 });
  const { user, system } = process.cpuUsage(before);
  await running.stop();
  say(
    `resolve: ${count} in ${Math.round(performance.now() - startedAt)} ms, CPU ${Math.round((user + system) / 1000)} ms`,
  );
  return (user + system) / 1e6;
}
