import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { LogEvents, TopicName } from '@rapport/events';
import type { LogRecord } from '@rapport/event-log';
import { createPlatform, loadConfig, type ClosablePlatform } from '@rapport/runtime';
import {
  freePortSettings,
  startStandaloneProcess,
  temporaryFolder,
  type RapportProcess,
  type RunningEndpoints,
} from '@rapport/testing';

const program = fileURLToPath(new URL('../../services/standalone/dist/main.js', import.meta.url));

/** A row of `touchpoints`; times in milliseconds. */
export interface StoredTouchpoint {
  readonly message_id: string;
  readonly event: string;
  readonly timestamp: number;
  readonly received_at: number;
  readonly original_timestamp: number | null;
  readonly flags: readonly string[];
  readonly total: number | null;
  readonly properties: string;
  readonly traits: string;
  readonly log_partition: number;
  readonly log_offset: number;
}

/** A row of `profile.profiles`, found by its newest userId. */
export interface StoredProfile {
  readonly user_id: string;
  readonly traits: Readonly<Record<string, unknown>>;
  readonly first_seen_at: number;
  readonly last_seen_at: number;
}

/** A row of `rejected_touchpoints`, with what the log keeps under the same id. */
export interface StoredRejection {
  readonly rejection_id: string;
  readonly message_id: string;
  readonly reason: string;
  readonly detail: string;
  readonly body: Buffer;
}

/** What `GET /v1/accounting` says of the default source. */
export interface IntakeSums {
  readonly received: number;
  readonly resolved: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly erased: number;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** One embedded Rapport in a process of its own, and a look at its log and its databases from outside. */
export class PoisonRun {
  private constructor(
    readonly rapport: RapportProcess,
    readonly endpoints: RunningEndpoints,
    /** The log and the databases of the running process, as `npx rapport` opens them. */
    readonly platform: ClosablePlatform,
    private readonly folder: ReturnType<typeof temporaryFolder>,
  ) {}

  static async start(): Promise<PoisonRun> {
    const folder = temporaryFolder();
    const environment = {
      ...(await freePortSettings()),
      RAPPORT_LOG_LEVEL: 'warn',
    };
    const { process: rapport, endpoints } = await startStandaloneProcess({
      program,
      dataDir: folder.path,
      environment,
    });
    const config = loadConfig({ ...environment, RAPPORT_DATA_DIR: folder.path, RAPPORT_LOG_LEVEL: 'silent' });
    return new PoisonRun(rapport, endpoints, createPlatform('poison-test', config), folder);
  }

  /** The exit code of the process. */
  async stop(): Promise<number | null> {
    await this.platform.close();
    const code = await this.rapport.stop();
    this.folder.remove();
    return code;
  }

  /** The processes that Rapport started (databases, consumers); where there is no `/proc`, none. */
  children(): readonly number[] {
    const { pid } = this.rapport;
    try {
      return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
    } catch {
      return [];
    }
  }

  async post(body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const response = await fetch(`${this.endpoints.http}/v1/batch`, {
      method: 'POST',
      headers: { 'x-write-key': this.endpoints.writeKey, ...headers },
      body: typeof body === 'string' ? body : Uint8Array.from(body),
    });
    return { status: response.status, body: await response.json() };
  }

  async get(path: string): Promise<Answer> {
    const headers = { authorization: `Bearer ${this.endpoints.apiKey}` };
    const response = await fetch(`${this.endpoints.http}${path}`, { headers });
    return { status: response.status, body: await response.json() };
  }

  async intake(): Promise<IntakeSums> {
    const { body } = await this.get('/v1/accounting');
    const hours = (body as (IntakeSums & { readonly sourceId: string })[]).filter(
      ({ sourceId }) => sourceId === 'default',
    );
    const sum = (name: keyof IntakeSums): number => hours.reduce((total, hour) => total + hour[name], 0);
    return {
      received: sum('received'),
      resolved: sum('resolved'),
      duplicates: sum('duplicates'),
      conflicts: sum('conflicts'),
      erased: sum('erased'),
    };
  }

  async ask<T>(query: string, parameters: Readonly<Record<string, string>> = {}): Promise<T[]> {
    const settings = { output_format_json_quote_64bit_integers: 0 as const };
    const format = 'JSONEachRow';
    const { clickhouse } = this.platform;
    const answer = await clickhouse.query({ query, format, query_params: parameters, clickhouse_settings: settings });
    return answer.json<T>();
  }

  touchpoints(): Promise<StoredTouchpoint[]> {
    return this.ask(`
      SELECT message_id, event, toUnixTimestamp64Milli(timestamp) AS timestamp,
        toUnixTimestamp64Milli(received_at) AS received_at,
        if(isNull(original_timestamp), NULL, toUnixTimestamp64Milli(assumeNotNull(original_timestamp))) AS original_timestamp,
        flags, toFloat64(total) AS total, properties, traits, log_partition, log_offset
      FROM touchpoints WHERE source_id = 'default'`);
  }

  async profiles(): Promise<StoredProfile[]> {
    const { rows } = await this.platform.postgres.query<StoredProfile>(`
      SELECT identifiers -> 'userId' -> 0 ->> 0 AS user_id, traits,
        (extract(epoch FROM first_seen_at) * 1000)::bigint AS first_seen_at,
        (extract(epoch FROM last_seen_at) * 1000)::bigint AS last_seen_at
      FROM profile.profiles WHERE identifiers ? 'userId'`);
    return rows;
  }

  async orders(): Promise<{ readonly order_id: string; readonly amount: string }[]> {
    const { rows } = await this.platform.postgres.query<{ order_id: string; amount: string }>(
      'SELECT order_id, amount::text FROM profile.orders',
    );
    return rows;
  }

  async rejections(): Promise<StoredRejection[]> {
    const rows = await this.ask<Omit<StoredRejection, 'body'>>(
      'SELECT rejection_id, message_id, reason, detail FROM rejected_touchpoints',
    );
    const onLog = await this.eventsOf('rejected-touchpoints', 'rejected-touchpoint');
    const bodies = await this.platform.vault.open(
      onLog.map(({ body, rejectionId, ...rest }) => ({ ...rest, boundTo: rejectionId, bytes: body })),
    );
    const bodyOf = new Map(onLog.map(({ rejectionId }, index) => [rejectionId, bodies[index]]));
    return rows.map((row) => ({ ...row, body: bodyOf.get(row.rejection_id) ?? Buffer.alloc(0) }));
  }

  async recordsOf(topic: TopicName): Promise<LogRecord[]> {
    const all: LogRecord[] = [];
    for (const { partition, low } of await this.platform.eventLog.bounds(topic)) {
      for await (const records of this.platform.eventLog.read({ topic, partition, from: low })) all.push(...records);
    }
    return all;
  }

  async eventsOf<N extends keyof LogEvents>(topic: TopicName, name: N): Promise<LogEvents[N][]> {
    const events = (await this.recordsOf(topic)).map(({ value }) =>
      this.platform.codec.decode(value ?? Buffer.alloc(0)),
    );
    return events.flatMap((event) => (event.name === name ? [event.value as LogEvents[N]] : []));
  }
}
