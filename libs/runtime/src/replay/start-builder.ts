import { Worker } from 'node:worker_threads';
import type { Builder, BuilderOptions, PartitionReading, Stretch } from './builder.js';
import {
  errorOfThread,
  threadErrorOf,
  type ThreadCall,
  type ThreadData,
  type ThreadMessage,
} from './thread-messages.js';

/** Batches are large and most of what they make is garbage by the next one: three times the semispaces of 64 MB. */
const resourceLimits = { maxYoungGenerationSizeMb: 192 };

type Question = ThreadCall extends infer C ? (C extends ThreadCall ? Omit<C, 'call'> : never) : never;

/** A builder in a thread of its own, which ends with the process however that ends. */
export interface ThreadedBuilder extends Builder {
  /** To be called once the copy is there. */
  open(): Promise<void>;
}

/**
 * Starts a thread that builds. `program` runs `buildInThread`. Loading it takes a second, so it is started before there is
 * anything to build in.
 */
export function startBuilder(
  program: URL,
  { name, config }: Pick<ThreadData, 'name' | 'config'>,
  { maxBatchRecords, onHandled }: BuilderOptions,
): ThreadedBuilder {
  const workerData: ThreadData = { name, config, maxBatchRecords };
  const thread = new Worker(program, { workerData, resourceLimits });
  const ask = askingOf(thread, onHandled);
  let readings = 0;
  return {
    open: async () => void (await ask({ kind: 'open' })),
    read: (stretch) => readingOf(ask, readings++, stretch),
    async close() {
      // One that has failed does not answer.
      await ask({ kind: 'close' }).catch(() => undefined);
      await thread.terminate();
    },
  };
}

type Ask = (question: Question) => Promise<number | undefined>;

function askingOf(thread: Worker, onHandled: (records: number) => void): Ask {
  const waiting = new Map<number, { resolve(value: number | undefined): void; reject(error: Error): void }>();
  let calls = 0;
  let failed: Error | undefined;
  const fail = (error: Error): void => {
    failed ??= error;
    for (const { reject } of waiting.values()) reject(failed);
    waiting.clear();
  };
  thread.on('error', (error) => fail(errorOfThread(threadErrorOf(error))));
  thread.on('exit', () => fail(new Error('a thread of the replay ended')));
  thread.on('message', (message: ThreadMessage) => {
    if (message.kind === 'handled') {
      onHandled(message.records);
      return;
    }
    const { resolve, reject } = waiting.get(message.call) ?? {};
    waiting.delete(message.call);
    if (message.kind === 'done') resolve?.(message.value);
    else reject?.(errorOfThread(message.error));
  });
  return (question) =>
    new Promise((resolve, reject) => {
      if (failed) return reject(failed);
      const call = calls++;
      waiting.set(call, { resolve, reject });
      thread.postMessage({ ...question, call } satisfies ThreadCall);
    });
}

function readingOf(ask: Ask, reading: number, stretch: Stretch): PartitionReading {
  const { topic, partition, from } = stretch;
  let position = from;
  let opened: Promise<unknown> | undefined;
  const open = () => (opened ??= ask({ kind: 'read', reading, stretch }));
  return {
    topic,
    partition,
    get position() {
      return position;
    },
    async peek() {
      await open();
      return ask({ kind: 'peek', reading });
    },
    async advance(notAfter) {
      await open();
      position = (await ask({ kind: 'advance', reading, notAfter })) ?? position;
    },
  };
}
