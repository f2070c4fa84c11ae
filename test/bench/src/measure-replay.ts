import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { measureFlow } from './measure-flow.js';
import type { BenchRow } from './report.js';
import { startStandalone } from './rapport.js';
import { say } from './say.js';
import type { BenchSection } from './sections.js';

const runFile = promisify(execFile);
const rapport = fileURLToPath(new URL('../../../services/standalone/bin/rapport.js', import.meta.url));
const services = ['resolve', 'profile', 'segment', 'score', 'orchestrate', 'analyze'];
const events = 200_000;
/** One after the other in turn: what else the machine does changes from one minute to the next. */
const rounds = 3;

interface Measured {
  readonly service: string;
  readonly records: number;
  readonly seconds: number;
}

/** Every projection rebuilt beside the running Rapport, after it has handled the same events live. */
export const replaySection: BenchSection = {
  name: 'replay',
  title: 'replay',
  summary: 'the whole embedded Rapport live, then every projection rebuilt from the log beside it',
  async measure(folder) {
    const data = path.join(folder, 'replay');
    const standalone = await startStandalone(data);
    try {
      const live = await measureFlow(standalone, events, new Map());
      const measured: Measured[] = [];
      for (let round = 0; round < rounds; round += 1) {
        for (const service of services) measured.push(await replay(service, data));
      }
      return pageOf(
        live,
        services.map((service) => median(measured.filter((one) => one.service === service))),
      );
    } finally {
      await standalone.stop();
    }
  },
};

function median(measured: readonly Measured[]): Measured {
  return [...measured].sort((one, other) => one.seconds - other.seconds)[Math.floor(measured.length / 2)]!;
}

async function replay(service: string, data: string): Promise<Measured> {
  const env = { PATH: process.env['PATH'] ?? '', RAPPORT_DATA_DIR: data, RAPPORT_LOG_LEVEL: 'error' };
  const { stdout } = await runFile(process.execPath, [rapport, 'replay', service, '--json'], { env });
  const measured = JSON.parse(stdout) as Measured;
  say(`${service}: ${measured.records} records in ${measured.seconds.toFixed(1)} s`);
  return measured;
}

function pageOf(live: BenchRow, measured: readonly Measured[]): string {
  const count = (value: number): string => Math.round(value).toLocaleString('en');
  const rows = measured.map(({ service, records, seconds }) => {
    const times = (live.seconds / seconds).toFixed(1);
    return `| ${service} | ${count(records)} | ${seconds.toFixed(1)} | ${count(records / seconds)} | ${times} |`;
  });
  return `Live: ${count(live.events)} touchpoints in ${live.seconds.toFixed(0)} seconds (${count(live.eventsPerSecond)}/s), from the first request until
every consumer had caught up, all of them together on this machine. Then each projection is rebuilt by \`rapport replay\`, beside
the Rapport that goes on serving, from all that this left on the log.

| service | records | seconds | records/s | times live |
| ------- | ------: | ------: | --------: | ---------: |
${rows.join('\n')}

Seconds are those of the whole command: starting, making the copy, and putting it in the place of the live tables; of ${rounds} rebuilds the one in the
middle. Records are all that the service reads, touchpoints and what others appended. Times live: the seconds that the same touchpoints took live by those
of the rebuild; what came in over an hour is rebuilt in an hour divided by it. [Decision 0033](../decisions/0033-a-rebuild-in-several-threads.md) says
where the time goes.
`;
}
