import type { Worker } from 'node:worker_threads';
import type { Builder, BuilderOptions, PartitionReading, Stretch } from './builder.js';
import {
  errorOfThread,
  threadErrorOf,
  type ThreadCall,
  type ThreadMessage,
  type ThreadTask,
} from './thread-messages.js';

type Question = ThreadCall extends infer C ? (C extends ThreadCall ? Omit<C, 'call'> : never) : never;

/**
 * A thread whose program runs `buildInThread`; it ends with the process however that ends. Loading the program takes its time,
 * so it may be started long before there is anything to build in.
 */
export interface BuildingThread {
  readonly worker: Worker;
  /** Rejects when the thread fails or ends, also before anybody asks it anything. */
  readonly ended: Promise<never>;
}

/** A builder in a thread of its own. */
export interface ThreadedBuilder extends Builder {
  /** To be called once the copy is there. What it is asked next waits until it is open. */
  open(): Promise<void>;
}

export function builderIn(
  thread: BuildingThread,
  { name, config }: ThreadTask,
  { onHandled }: BuilderOptions,
): ThreadedBuilder {
  const ask = askingOf(thread, onHandled);
  let readings = 0;
  return {
    open: async () => void (await ask({ kind: 'open', name, config })),
    read: (stretch) => readingOf(ask, readings++, stretch),
    async close() {
      // One that has failed does not answer.
      await ask({ kind: 'close' }).catch(() => undefined);
      await thread.worker.terminate();
    },
  };
}

type Ask = (question: Question) => Promise<number | undefined>;

function askingOf({ worker, ended }: BuildingThread, onHandled: (records: number) => void): Ask {
  const waiting = new Map<number, { resolve(value: number | undefined): void; reject(error: Error): void }>();
  let calls = 0;
  let failed: Error | undefined;
  const fail = (error: unknown): void => {
    failed ??= errorOfThread(threadErrorOf(error));
    for (const { reject } of waiting.values()) reject(failed);
    waiting.clear();
  };
  ended.catch(fail);
  worker.on('message', (message: ThreadMessage) => {
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
      worker.postMessage({ ...question, call } satisfies ThreadCall);
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
