import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { letOthersGoFirst } from './priority.js';

const commandLine = fileURLToPath(new URL('../cli/main.js', import.meta.url));
const dayMs = 24 * 60 * 60 * 1000;

/** Work that is done once a night, each as a command in a process of its own, so that nothing that serves waits for it. */
const commands: readonly (readonly string[])[] = [['duplicates', 'search', '--json']];

export interface Nights {
  readonly hour: number;
  readonly now: () => number;
  /** The built command line; its own without it. */
  readonly program?: string;
}

/**
 * Runs the commands every night at `hour` (UTC), one after the other.
 * @returns stops it; a command that runs is ended, and begins anew the next night
 */
export function startNightly(
  environment: Readonly<Record<string, string>>,
  logger: Logger,
  { hour, now, program = commandLine }: Nights,
): () => Promise<void> {
  const stopping = new AbortController();
  let running = Promise.resolve();
  let timer: NodeJS.Timeout;
  const schedule = (): void => {
    timer = setTimeout(
      () => {
        running = runAll().finally(() => {
          if (!stopping.signal.aborted) schedule();
        });
      },
      untilHour(now(), hour),
    );
    timer.unref();
  };
  const runAll = async (): Promise<void> => {
    for (const command of commands) {
      if (stopping.signal.aborted) return;
      const code = await run(program, command, environment, stopping.signal);
      if (code !== 0 && !stopping.signal.aborted) logger.warn({ command, code }, 'a command of the night failed');
    }
  };
  schedule();
  return async () => {
    clearTimeout(timer);
    stopping.abort();
    await running;
  };
}

/** Milliseconds until the next full `hour` UTC, more than none. */
export function untilHour(now: number, hour: number): number {
  const today = Math.floor(now / dayMs) * dayMs + hour * 60 * 60 * 1000;
  return today > now ? today - now : today + dayMs - now;
}

function run(
  program: string,
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<number | null> {
  const child = fork(program, [...command], { env: { ...environment }, stdio: 'ignore', signal });
  void letOthersGoFirst(child.pid);
  return new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', (code) => resolve(code));
  });
}
