import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { startBareServer } from './child.js';
import { measureLatency } from './latency.js';
import { measureFlow, warmUp } from './measure-flow.js';
import { measureRequests, type Limits } from './measure-requests.js';
import { startCollector, startStandalone } from './rapport.js';
import { benchPage, type BenchRow, type LatencyRow } from './report.js';
import { analyticsSection } from './measure-analytics.js';
import { duplicatesSection } from './measure-duplicates.js';
import { replaySection } from './measure-replay.js';
import { privacySection } from './measure-privacy.js';
import { profilesSection } from './measure-profiles.js';
import { resolveSection } from './measure-resolve.js';
import { say } from './say.js';
import { runSection, type BenchSection } from './sections.js';

/** Parts with a page of their own. */
const sections: readonly BenchSection[] = [
  analyticsSection,
  duplicatesSection,
  privacySection,
  profilesSection,
  replaySection,
  resolveSection,
];

const usage = `npm run bench -- [--seconds 10] [--events 300000] [--only PART ...] [--out FILE]

limit      bare Fastify with a durable append, single events and batches of 20 and 100
collector  our collector, the same
flow       the whole embedded Rapport, until every consumer has caught up
latency    from the 2xx to the SQL answer, at steady rates

Parts with a page of their own in docs/bench, measured when they are asked for:

${sections.map(({ name, summary }) => `${name.padEnd(10)} ${summary}\n`).join('')}`;

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    events: { type: 'string', default: '300000' },
    only: { type: 'string', multiple: true },
    out: { type: 'string', default: fileURLToPath(new URL('../../../docs/bench.md', import.meta.url)) },
    help: { type: 'boolean', short: 'h' },
  },
});

async function bench(folder: string): Promise<void> {
  const wanted = (part: string) => options.only === undefined || options.only.includes(part);
  const asked = sections.filter(({ name }) => options.only?.includes(name));
  for (const section of asked) await runSection(section, folder, today());
  if (asked.length > 0 && asked.length === options.only?.length) return;
  const seconds = Number(options.seconds);
  const rows: BenchRow[] = [];
  let limits: Limits = new Map();
  if (wanted('limit')) {
    const limit = await measureRequests('bare limit', await startBareServer(path.join(folder, 'limit')), {
      seconds,
      limits,
    });
    limits = limit.reached;
    rows.push(...limit.rows);
  }
  if (wanted('collector')) {
    const collector = await startCollector(path.join(folder, 'collector'));
    rows.push(...(await measureRequests('collector', collector, { seconds, limits })).rows);
  }
  const latencies: LatencyRow[] = [];
  if (wanted('flow') || wanted('latency')) {
    const standalone = await startStandalone(path.join(folder, 'flow'));
    try {
      await warmUp(standalone);
      if (wanted('latency')) {
        for (const eventsPerSecond of [200, 500, 1000, 2000]) {
          latencies.push(await measureLatency(standalone, { seconds: seconds * 2, eventsPerSecond }));
        }
      }
      if (wanted('flow')) rows.push(await measureFlow(standalone, Number(options.events), limits));
    } finally {
      await standalone.stop();
    }
  }
  const page = benchPage(rows, latencies, today());
  const formatted = await format(page, { ...(await resolveConfig(options.out)), parser: 'markdown' });
  process.stdout.write(`\n${formatted}`);
  await writeFile(options.out, formatted);
  say(`written to ${options.out}`);
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

if (options.help) {
  process.stdout.write(usage);
} else {
  const folder = await mkdtemp(path.join(tmpdir(), 'rapport-bench-'));
  try {
    await bench(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
