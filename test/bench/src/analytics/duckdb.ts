import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { ClickHouseClient } from '@clickhouse/client';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { say } from '../say.js';
import { sameText, sqlOf, timingOf, type Timing } from './answers.js';

/** The rows that our answers are made of, in a DuckDB file: without the JSON, which no question reads. */
async function loadDuckDb(folder: string, client: ClickHouseClient, connection: DuckDBConnection): Promise<void> {
  const slices = 10;
  const file = path.join(folder, 'slice.parquet');
  for (let slice = 0; slice <= slices; slice += 1) {
    const query =
      slice < slices
        ? `SELECT lone_profile_id, timestamp, received_at, event, message_id, is_identified, order_id, total, log_partition, log_offset FROM touchpoints_by_profile WHERE toUInt64(lone_key) % ${slices} = ${slice}`
        : 'SELECT profile_id, survivor_id, sequence FROM identities';
    const { stream } = await client.exec({ query: `${query} FORMAT Parquet` });
    await writeFile(file, Buffer.concat((await stream.toArray()) as Buffer[]));
    const table = slice < slices ? 'touchpoints' : 'identities';
    const source = `SELECT * ${slice < slices ? 'REPLACE (decode(CAST(event AS BLOB)) AS event)' : ''} FROM '${file}'`;
    const fresh = slice === 0 || slice === slices;
    await connection.run(fresh ? `CREATE TABLE ${table} AS ${source}` : `INSERT INTO ${table} ${source}`);
  }
  await rm(file);
}

export interface DuckDbQuestions {
  readonly folder: string;
  readonly client: ClickHouseClient;
  readonly person: string;
  readonly questions: readonly string[];
  readonly repetitions: number;
}

/** The same questions, each on a database that was just opened, then repeated. */
export async function askDuckDb({
  folder,
  client,
  person,
  questions,
  repetitions,
}: DuckDbQuestions): Promise<ReadonlyMap<string, Timing>> {
  const file = path.join(folder, 'bench.duckdb');
  await rm(file, { force: true });
  const loading = await DuckDBInstance.create(file, { threads: '2' });
  const connection = await loading.connect();
  await loadDuckDb(folder, client, connection);
  connection.closeSync();
  loading.closeSync();
  const answers = new Map<string, Timing>();
  for (const question of questions) {
    const instance = await DuckDBInstance.create(file, { threads: '2' });
    const connection = await instance.connect();
    const times: number[] = [];
    const work: number[] = [];
    let text = '';
    for (let repetition = 0; repetition <= repetitions; repetition += 1) {
      const before = process.cpuUsage();
      const startedAt = performance.now();
      const reader = await connection.runAndReadAll(sqlOf(`${question}.duckdb.sql`).replaceAll('{person}', person));
      times.push(performance.now() - startedAt);
      const { user, system } = process.cpuUsage(before);
      work.push((user + system) / 1000);
      text = sameText(reader.getRowsJson() as unknown[][]);
    }
    const timing = { ...timingOf(times, text), cpu: Math.min(...work.slice(1)) };
    answers.set(question, timing);
    say(`analytics: DuckDB ${question}: ${Math.round(timing.best)} ms`);
    instance.closeSync();
  }
  return answers;
}
