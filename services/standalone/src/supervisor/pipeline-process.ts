import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';

/** The child process that runs every consumer, so that a burst of work never delays the collector's answers. */
export interface PipelineProcess {
  /** Where its health and metrics are; undefined while it is being started again. */
  readonly url: string | undefined;
  stop(): Promise<void>;
}

export interface PipelineMessage {
  readonly kind: 'serving';
  readonly url: string;
}

const restartPauseMs = 500;
/** Batches of thousands of records die young: with the default of 16 MB much of the time went into copying them. */
const execArgv = ['--max-semi-space-size=64'];

/** Starts it, resolves when its consumers run, and starts it again whenever it ends unasked. */
export async function startPipelineProcess(
  environment: Readonly<Record<string, string>>,
  logger: Logger,
): Promise<PipelineProcess> {
  const program = fileURLToPath(new URL('../pipeline-main.js', import.meta.url));
  let child: ChildProcess;
  let url: string | undefined;
  let stopping = false;

  const start = (): Promise<void> =>
    new Promise((resolve, reject) => {
      child = fork(program, [], { env: { ...environment }, execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      child.on('message', (message: PipelineMessage) => {
        url = message.url;
        resolve();
      });
      child.once('exit', (code, signal) => {
        url = undefined;
        reject(new Error(`the consumers' process ended (${signal ?? `exit code ${code}`}) before it was serving`));
        if (stopping) return;
        logger.error({ code, signal }, "the consumers' process ended; starting it again");
        setTimeout(() => void start().catch(() => undefined), restartPauseMs);
      });
    });

  try {
    await start();
  } catch (error) {
    stopping = true;
    throw error;
  }
  return {
    get url() {
      return url;
    },
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      await ended;
    },
  };
}
