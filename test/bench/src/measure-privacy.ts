import path from 'node:path';
import type { OpenRequest, SealRequest, SubjectVault } from '@rapport/event-log';
import { startTestPlatform } from '@rapport/testing';
import { measureFlow, warmUp } from './measure-flow.js';
import { sumOf } from './process-tree.js';
import { startStandalone } from './rapport.js';
import { say } from './say.js';
import type { BenchSection } from './sections.js';
import { touchpointMix } from './touchpoint-mix.js';

const workspaceId = 'default';
const people = 5_000;
const perRound = 20_000;
const rounds = 5;
const batchSize = 100;
const flowEvents = 60_000;

/** What it costs that everything personal on the log is sealed, beside what a touchpoint costs from end to end. */
export const privacySection: BenchSection = {
  name: 'privacy',
  title: 'sealing personal data',
  summary: 'CPU time of sealing and opening, and its share of what a touchpoint costs end to end',
  measure: async (folder) => {
    const { newKey, seal, open, bytes } = await measureVault();
    const whole = await endToEnd(path.join(folder, 'privacy'));
    const share = (cost: number): string => `${((cost / whole) * 100).toFixed(1)} %`;
    const line = (what: string, cost: number): string => `| ${what} | ${(cost * 1e6).toFixed(1)} µs | ${share(cost)} |`;
    return `
| CPU time of a touchpoint | | of end to end |
| --- | ---: | ---: |
${line('sealed, by the collector', seal)}
${line('opened, once for all consumers of a process', open)}
${line('both', seal + open)}
${line('end to end, embedded, every consumer caught up', whole)}

Sealing and opening take ${share(seal + open)} of what a touchpoint costs end to end, and of the throughput with it, because the cores are what limits it: the
goal is less than 15 %. The key of a person seen for the first time costs ${(newKey * 1e6).toFixed(0)} µs more, once.

Contents of ${bytes} bytes of the same mix as in the other benches, people whose key is in memory, ${batchSize} at a time; the best of ${rounds} rounds of
${perRound.toLocaleString('en')}. Left out is what would be done without sealing too: making the JSON text and reading it. End to end is the
CPU time of all processes of an embedded Rapport over ${flowEvents.toLocaleString('en')} touchpoints. With services one by one, each that reads contents (\`resolve\`,
\`profile\`, \`analyze\`, \`score\`, \`orchestrate\`) opens what it needs for itself.
`;
  },
};

async function endToEnd(folder: string): Promise<number> {
  const standalone = await startStandalone(folder);
  try {
    await warmUp(standalone);
    const { cpuSeconds, events } = await measureFlow(standalone, flowEvents, new Map());
    if (cpuSeconds === undefined) throw new Error('the CPU time of processes cannot be read on this machine');
    return sumOf(cpuSeconds) / events;
  } finally {
    await standalone.stop();
  }
}

/** Seconds of CPU time a content, of this process alone. */
async function measureVault() {
  const test = await startTestPlatform();
  try {
    const { vault } = test.platform;
    const requests = sealRequests(vault);
    const first = await cpuOf(people, () => sealed(vault, requests.slice(0, people)));
    const seals: number[] = [];
    const opens: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      let open: readonly OpenRequest[] = [];
      seals.push(await cpuOf(perRound, async () => void (open = await sealed(vault, requests))));
      opens.push(await cpuOf(perRound, () => inBatches(open, (some) => vault.open(some))));
    }
    const [seal, open] = [Math.min(...seals), Math.min(...opens)];
    say(`privacy: ${[first, seal, open].map((each) => `${(each * 1e6).toFixed(1)} µs`).join(', ')}`);
    const bytes = Math.round(requests.reduce((sum, { plaintext }) => sum + plaintext.length, 0) / requests.length);
    return { newKey: first - seal, seal, open, bytes };
  } finally {
    await test.stop();
  }
}

/** The first touchpoints are each of another person. */
function sealRequests(vault: SubjectVault): readonly SealRequest[] {
  const mix = touchpointMix('privacy');
  return Array.from({ length: perRound }, (_, index) => {
    const { type: _type, event: _event, messageId, ...content } = JSON.parse(mix.next()) as Record<string, unknown>;
    return {
      workspaceId,
      subjectId: vault.hash(workspaceId, 'userId', `person-${index % people}`),
      boundTo: String(messageId),
      plaintext: Buffer.from(JSON.stringify(content)),
    };
  });
}

async function sealed(vault: SubjectVault, requests: readonly SealRequest[]): Promise<readonly OpenRequest[]> {
  const all: OpenRequest[] = [];
  await inBatches(requests, async (some) => {
    const bytes = await vault.seal(some);
    some.forEach(({ boundTo }, index) => all.push({ workspaceId, boundTo, ...bytes[index]! }));
  });
  return all;
}

async function inBatches<T>(all: readonly T[], work: (some: readonly T[]) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < all.length; at += batchSize) await work(all.slice(at, at + batchSize));
}

async function cpuOf(count: number, work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / count;
}
