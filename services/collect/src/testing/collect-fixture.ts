import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LogEvents, TopicName, Touchpoint, TouchpointContent } from '@rapport/events';
import {
  createApp,
  createPlatform,
  type ClosablePlatform,
  type RapportConfig,
  type ServiceModule,
} from '@rapport/runtime';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CollectModule } from '../collect.module.js';

export const writeKey = 'write-key-of-the-tests';

export interface CollectedTouchpoint extends Omit<Touchpoint, 'content'> {
  readonly content: TouchpointContent | undefined;
}

export interface CollectedRejection extends Omit<LogEvents['rejected-touchpoint'], 'body'> {
  readonly body: string;
}

export interface FixtureOptions {
  readonly clock?: () => number;
  readonly diskReserveBytes?: number;
  /** Modules in the same application. */
  readonly besides?: readonly ServiceModule[];
  /** Runs before each append of the collector; what it throws is what the log throws. */
  readonly aroundAppend?: () => Promise<void>;
}

/** The collector over a real event log in a folder of its own, and what it wrote there, opened. */
export class CollectFixture {
  private constructor(
    readonly url: string,
    readonly platform: ClosablePlatform,
    private readonly app: NestFastifyApplication,
    private readonly dataDir: string,
  ) {}

  static async start(options: FixtureOptions = {}): Promise<CollectFixture> {
    const dataDir = await mkdtemp(join(tmpdir(), 'rapport-collect-'));
    const platform = createPlatform('collect', configOf(dataDir, options), options.clock && { clock: options.clock });
    await platform.eventLog.ensureTopics();
    const served = options.aroundAppend === undefined ? platform : withAppend(platform, options.aroundAppend);
    const app = await createApp([CollectModule, ...(options.besides ?? [])], served);
    await app.listen(0, '127.0.0.1');
    return new CollectFixture(await app.getUrl(), platform, app, dataDir);
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.platform.close();
    await rm(this.dataDir, { recursive: true });
  }

  /** Posts text or bytes as they are, with the write key in the Basic header unless `headers` say otherwise. */
  post(path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> {
    const basic = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`;
    return fetch(this.url + path, { method: 'POST', body, headers: { authorization: basic, ...headers } });
  }

  async touchpoints(): Promise<CollectedTouchpoint[]> {
    const events = await this.eventsOf('touchpoints', 'touchpoint');
    const contents = await this.platform.vault.openContent(
      events.map(({ content, messageId, ...rest }) => ({ ...rest, boundTo: messageId, bytes: content })),
    );
    return events.map((event, index) => ({ ...event, content: contents[index] }));
  }

  async rejections(): Promise<CollectedRejection[]> {
    const events = await this.eventsOf('rejected-touchpoints', 'rejected-touchpoint');
    const bodies = await this.platform.vault.open(
      events.map(({ body, rejectionId, ...rest }) => ({ ...rest, boundTo: rejectionId, bytes: body })),
    );
    return events.map((event, index) => ({ ...event, body: bodies[index]?.toString('utf8') ?? '' }));
  }

  private async eventsOf<N extends keyof LogEvents>(topic: TopicName, name: N): Promise<LogEvents[N][]> {
    const { eventLog, codec } = this.platform;
    const events: LogEvents[N][] = [];
    for (const { partition } of await eventLog.bounds(topic)) {
      for await (const records of eventLog.read({ topic, partition, from: 0 })) {
        for (const { value } of records) {
          const event = codec.decode(value ?? Buffer.alloc(0));
          if (event.name === name) events.push(event.value as LogEvents[N]);
        }
      }
    }
    return events;
  }
}

function withAppend(platform: ClosablePlatform, before: () => Promise<void>): ClosablePlatform {
  const { eventLog } = platform;
  const append: typeof eventLog.append = async (records) => {
    await before();
    return eventLog.append(records);
  };
  return Object.create(platform, { eventLog: { value: { ...eventLog, append } } }) as ClosablePlatform;
}

function configOf(dataDir: string, { diskReserveBytes = 0 }: FixtureOptions): RapportConfig {
  const unused = { url: 'http://127.0.0.1:9', database: 'rapport', username: 'rapport', password: '' };
  return {
    dataDir,
    http: { host: '127.0.0.1', port: 0 },
    publicUrl: 'http://localhost',
    secrets: {
      masterKey: Buffer.alloc(32, 1),
      olderMasterKeys: [],
      masterKeysInFile: false,
      hashKey: Buffer.alloc(32, 2),
      writeKey,
      apiKey: 'unused',
    },
    keyCacheMs: 60_000,
    diskReserveBytes,
    eventLog: { kind: 'embedded', folder: join(dataDir, 'log'), partitions: 4 },
    postgres: { url: 'postgres://127.0.0.1:9/rapport', poolSize: 1, embedded: undefined },
    clickhouse: { ...unused, analyst: { username: 'analyst', password: '' }, embedded: undefined },
    definitionsDir: resolve('deploy/definitions'),
    schemasDir: resolve('schemas'),
    logLevel: 'silent',
  };
}
