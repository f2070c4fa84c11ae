import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { insertSettings, migrateClickHouse, startEmbeddedClickHouse } from '@rapport/analytics-db';
import { freePort } from '@rapport/testing';
import { pino } from 'pino';
import { sameText, sqlOf, timingOf, type Timing } from './analytics/answers.js';
import { askDuckDb } from './analytics/duckdb.js';
import { say } from './say.js';
import type { BenchSection } from './sections.js';

const schemas = fileURLToPath(new URL('../../../schemas', import.meta.url));
const writer = { username: 'bench', password: 'bench' };
const database = 'rapport';
const repetitions = Number(process.env['RAPPORT_BENCH_REPETITIONS'] ?? 10);
/** Touchpoints at which the questions are asked, in rising order. */
const sizes = (process.env['RAPPORT_BENCH_ROWS'] ?? '1000000,10000000').split(',').map(Number);
/** A visit makes this many touchpoints, in the mean, and a person comes five times. */
const touchpointsPerVisit = 4.37;
const visitsAtOnce = 200_000;
const allQuestions = [
  ...['retention', 'ltv', 'funnel', 'timeline', 'attribution'],
  ...['scorecard-weekly', 'scorecard-monthly', 'scorecard-quarterly'],
];
/** The others have no counterpart: what they compute would be another program. */
const comparable = ['retention', 'ltv', 'funnel', 'timeline', 'scorecard-monthly'];

interface Answer extends Timing {
  readonly rowsRead: number;
  readonly bytesRead: number;
}

export const analyticsSection: BenchSection = {
  name: 'analytics',
  title: 'analytics',
  summary:
    'cohorts, lifetime value, funnel, attribution and timeline over millions of touchpoints, with DuckDB beside it',
  measure: async (folder) => {
    const lines: string[] = [];
    let visits = 0;
    for (const size of sizes) {
      const people = Math.round(Math.max(...sizes) / 20);
      visits = await generate(folder, { from: visits, to: Math.round(size / touchpointsPerVisit), people });
      const answered = await ask(folder, size);
      // A long run that is stopped has said what it found.
      for (const line of answered) say(line);
      lines.push(...answered);
    }
    return page(lines);
  },
};

async function withClickHouse<T>(folder: string, use: (client: ClickHouseClient) => Promise<T>): Promise<T> {
  const server = await startEmbeddedClickHouse({
    folder: path.join(folder, 'clickhouse'),
    port: await freePort(),
    database,
    writer,
    analyst: { username: 'analyst', password: 'analyst' },
    logger: pino({ level: 'silent' }),
  });
  const connection = { url: server.url, ...writer, database };
  await migrateClickHouse({ ...connection, folder: path.join(schemas, 'clickhouse') });
  const client = createClient({ ...connection, request_timeout: 3_600_000, log: { level: ClickHouseLogLevel.OFF } });
  try {
    return await use(client);
  } finally {
    await client.close();
    await server.stop();
  }
}

interface Visits {
  readonly from: number;
  readonly to: number;
  readonly people: number;
}

/** Adds the touchpoints of visits `from` to `to`, and returns `to`. */
async function generate(folder: string, { from, to, people }: Visits): Promise<number> {
  await withClickHouse(folder, async (client) => {
    const run = (name: string, params: Record<string, number>) =>
      client.command({ query: sqlOf(name), query_params: params, clickhouse_settings: insertSettings });
    if (from === 0) {
      await client.command({
        query: `INSERT INTO workspaces (workspace_id, name, time_zone, currency, position, loaded_at) VALUES ('default', 'Bench', 'UTC', 'EUR', 0, now64(3))`,
      });
      await run('generate-merges.sql', { people });
    }
    for (let at = from; at < to; at += visitsAtOnce) {
      const params = { from: at, visits: Math.min(visitsAtOnce, to - at), people };
      await run('generate-touchpoints.sql', params);
      await run('generate-orders.sql', params);
      say(`analytics: ${Math.round((100 * (at + params.visits)) / to)}% of ${to.toLocaleString('en')} visits`);
    }
    for (const table of ['touchpoints_by_profile', 'recorded_orders', 'profile_activity', 'identities']) {
      await client.command({ query: `OPTIMIZE TABLE ${table}` });
    }
  });
  return to;
}

/** Every question on a server that has just started, then repeated; the same in DuckDB. */
async function ask(folder: string, size: number): Promise<string[]> {
  const person = await withClickHouse(folder, busyPerson);
  const ours = new Map<string, Answer>();
  for (const question of allQuestions) {
    const query = sqlOf(`${question}.sql`).replaceAll('{person}', person);
    ours.set(question, await withClickHouse(folder, (client) => timed(client, query)));
    say(`analytics: ${question} of ${size.toLocaleString('en')}: ${Math.round(ours.get(question)!.best)} ms`);
  }
  const theirs = await withClickHouse(folder, (client) =>
    askDuckDb({ folder, client, person, questions: comparable, repetitions }),
  );
  return allQuestions.map((question) => {
    const answer = ours.get(question)!;
    const other = theirs.get(question);
    if (other && other.text !== answer.text)
      throw new Error(`DuckDB answers ${question} differently: ${firstDifference(answer.text, other.text)}`);
    const cells = [
      ...[size.toLocaleString('en'), question, ms(answer.cold), ms(answer.best), ms(answer.cpu)],
      ...[Math.round(answer.rowsRead).toLocaleString('en'), `${(answer.bytesRead / 1e6).toFixed(1)} MB`],
      ...(other ? [ms(other.cold), ms(other.best), ms(other.cpu)] : ['', '', '']),
    ];
    return `| ${cells.join(' | ')} |`;
  });
}

async function busyPerson(client: ClickHouseClient): Promise<string> {
  const answer = await client.query({
    query: `SELECT survivor_id FROM profile_survivors WHERE lone_key IN (SELECT lone_key FROM profile_activity) ORDER BY cityHash64(survivor_id) LIMIT 1`,
    format: 'TabSeparated',
  });
  return (await answer.text()).trim();
}

async function timed(client: ClickHouseClient, query: string): Promise<Answer> {
  const times: number[] = [];
  const work: Record<string, number>[] = [];
  let text = '';
  for (let repetition = 0; repetition <= repetitions; repetition += 1) {
    const before = await counters(client);
    const startedAt = performance.now();
    const answer = await client.query({ query, format: 'JSONCompactEachRow' });
    text = sameText((await answer.json()) as unknown[][]);
    times.push(performance.now() - startedAt);
    const after = await counters(client);
    work.push(Object.fromEntries(Object.keys(after).map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)])));
  }
  const least = (name: string) => Math.min(...work.slice(1).map((counted) => counted[name] ?? 0));
  return {
    ...timingOf(times, text),
    cpu: (least('UserTimeMicroseconds') + least('SystemTimeMicroseconds')) / 1000,
    rowsRead: least('SelectedRows'),
    bytesRead: least('SelectedBytes'),
  };
}

async function counters(client: ClickHouseClient): Promise<Record<string, number>> {
  const answer = await client.query({
    query: `SELECT event, toFloat64(value) AS value FROM system.events WHERE event IN ('SelectedRows', 'SelectedBytes', 'UserTimeMicroseconds', 'SystemTimeMicroseconds')`,
    format: 'JSONEachRow',
  });
  const rows = await answer.json<{ event: string; value: number }>();
  return Object.fromEntries(rows.map(({ event, value }) => [event, value]));
}

function firstDifference(ours: string, theirs: string): string {
  const [a, b] = [ours.split('\n'), theirs.split('\n')];
  const line = a.findIndex((each, index) => each !== b[index]);
  return `${JSON.stringify(a[line])} here, ${JSON.stringify(b[line])} there, of ${a.length} and ${b.length} rows`;
}

function ms(milliseconds: number): string {
  return `${Math.round(milliseconds).toLocaleString('en')} ms`;
}

function page(lines: readonly string[]): string {
  return `
| touchpoints | question | cold | warm, best | CPU | rows read | bytes read | DuckDB cold | best | CPU |
| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${lines.join('\n')}

${os.availableParallelism()} cores, load average ${os
    .loadavg()
    .map((load) => load.toFixed(1))
    .join(', ')} at the end of the run.

One in five touchpoints was made before the person was known, four of five such browsers are merged into a person, one order in a
hundred is sent twice, two in a hundred are refunded. Both engines follow merges, resent orders and refunds, leave guests out,
and have to give the same answer, or the bench fails. Cold is the first question to a server that has just started; the
files may be in the system's cache. Warm is the best of ${repetitions}. CPU is the least of a repetition, over all threads: where other
programs keep the cores busy it says more than the time. DuckDB has a file of its own with the same rows without their JSON, and two
threads as we do. Attribution is asked for seven models over two years with a look-back of 30 days. Of the scorecard the whole view is
computed; DuckDB answers its retention, returning customers and net revenue by month.
`;
}
