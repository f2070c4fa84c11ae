import { parentPort } from 'node:worker_threads';
import type { ServiceName } from '@rapport/events';
import type { RapportConfig } from '../config/config.js';
import type { ConsumerFactory } from '../consumer/consumer.module.js';
import { createPlatform } from '../platform/create-platform.js';
import { createBuilder, type Builder, type PartitionReading } from './builder.js';
import type { EnterShadow } from './shadow.js';
import { threadErrorOf, type ThreadCall, type ThreadMessage, type ThreadTask } from './thread-messages.js';

/** What a thread needs to know to build what a consumer keeps. */
export interface ThreadProjection {
  readonly consumer: ConsumerFactory;
  readonly enterShadow: EnterShadow;
}

/** The program of a `BuildingThread`: does as it is asked until it is ended. */
export function buildInThread(projectionOf: (name: ServiceName) => ThreadProjection): void {
  const say = (message: ThreadMessage): void => parentPort?.postMessage(message);
  const readings = new Map<number, PartitionReading>();
  let builder: Promise<Builder> | undefined;
  let close = async (): Promise<void> => undefined;

  const open = async ({ name, config }: ThreadTask): Promise<Builder> => {
    const projection = projectionOf(name);
    const platform = createPlatform('rebuild', withBuffers(config), { hasSeveralReaders: false });
    const shadow = projection.enterShadow(platform, name);
    close = async () => {
      await shadow.close();
      await platform.close();
    };
    const onHandled = (records: number): void => say({ kind: 'handled', records });
    return createBuilder(await projection.consumer(shadow.platform), shadow.platform, { onHandled });
  };
  const advance = async (reading: number, notAfter: number): Promise<number | undefined> => {
    await readings.get(reading)?.advance(notAfter);
    return readings.get(reading)?.position;
  };
  const answer = async (asked: ThreadCall): Promise<number | undefined> => {
    switch (asked.kind) {
      case 'open':
        await (builder = open(asked));
        return undefined;
      case 'read': {
        const opened = await builder;
        if (opened) readings.set(asked.reading, opened.read(asked.stretch));
        return undefined;
      }
      case 'peek':
        return readings.get(asked.reading)?.peek();
      case 'advance':
        return advance(asked.reading, asked.notAfter);
      case 'close':
        await (await builder)?.close();
        await close();
        return undefined;
    }
  };
  parentPort?.on('message', (asked: ThreadCall) => {
    answer(asked).then(
      (value) => say({ kind: 'done', call: asked.call, value }),
      (error: unknown) => say({ kind: 'failed', call: asked.call, error: threadErrorOf(error) }),
    );
  });
}

/** Between threads a Buffer becomes an array of bytes. */
function withBuffers(config: RapportConfig): RapportConfig {
  const { masterKey, olderMasterKeys, hashKey } = config.secrets;
  return {
    ...config,
    secrets: {
      ...config.secrets,
      masterKey: Buffer.from(masterKey),
      olderMasterKeys: olderMasterKeys.map((key) => Buffer.from(key)),
      hashKey: Buffer.from(hashKey),
    },
  };
}
