import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { letOthersGoFirst } from './priority.js';

/** What the child says of itself. The parent answers `loaded` with `begin`. */
export type PipelineMessage = { readonly kind: 'loaded' } | { readonly kind: 'serving'; readonly url: string };

const program = fileURLToPath(new URL('../pipeline-main.js', import.meta.url));
const restartPauseMs = 500;
/** More than it gives itself; for the case that it does not even hear the signal. */
const killAfterMs = 15_000;
/** Batches of thousands of records die young: with the default of 16 MB much of the time went into copying them. */
const execArgv = ['--max-semi-space-size=64'];

/**
 * The child process that runs every consumer, so that a burst of work never delays the collector's answers: nobody waits
 * for one record of it, so it has the lower priority once it serves. It loads its code as soon as it is made, begins to
 * consume when told to, and is started again whenever it ends unasked.
 */
export class PipelineProcess {
  private child: ChildProcess;
  private stopping = false;
  private mayBegin = false;
  private loaded = false;
  private servingUrl: string | undefined;
  private announce: ((url: string) => void) | undefined;
  private giveUp: ((error: Error) => void) | undefined;

  constructor(
    private readonly environment: Readonly<Record<string, string>>,
    private readonly logger: Logger,
  ) {
    this.child = this.spawn();
  }

  /** Where its health and metrics are; undefined while it is being started again. */
  get url(): string | undefined {
    return this.servingUrl;
  }

  /** Resolves with its URL when the consumers run for the first time; rejects if it ends before. */
  begin(): Promise<string> {
    this.mayBegin = true;
    return new Promise((resolve, reject) => {
      this.announce = resolve;
      this.giveUp = reject;
      if (this.hasEnded()) reject(new Error("the consumers' process ended before it was told to begin"));
      else if (this.loaded) this.tellToBegin();
    });
  }

  /** Rejects while the consumers, or something they depend on, cannot work. */
  async isReady(): Promise<void> {
    if (this.servingUrl === undefined) throw new Error("the consumers' process is being started");
    const response = await fetch(`${this.servingUrl}/health/ready`);
    if (!response.ok) throw new Error(`not ready; ask ${this.servingUrl}/health/ready`);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    if (this.hasEnded()) return;
    const ended = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), killAfterMs);
    await ended;
    clearTimeout(timer);
  }

  private hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private spawn(): ChildProcess {
    const child = fork(program, [], {
      env: { ...this.environment },
      execArgv,
      // A session of its own, which can have a priority of its own.
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.on('message', (message: PipelineMessage) => this.hear(message));
    child.once('exit', (code, signal) => this.onExit(code, signal));
    return child;
  }

  private hear(message: PipelineMessage): void {
    if (message.kind === 'loaded') {
      this.loaded = true;
      if (this.mayBegin && !this.stopping) this.tellToBegin();
      return;
    }
    this.servingUrl = message.url;
    void letOthersGoFirst(this.child.pid);
    this.announce?.(message.url);
    this.giveUp = undefined;
  }

  /** One that ends at this moment cannot be told any more; `onExit` hears of it. */
  private tellToBegin(): void {
    this.child.send({ kind: 'begin' }, () => undefined);
  }

  private onExit(code: number | null, signal: NodeJS.Signals | null): void {
    this.servingUrl = undefined;
    this.loaded = false;
    if (this.stopping) return;
    if (this.giveUp) {
      this.stopping = true;
      this.giveUp(new Error(`the consumers' process ended (${signal ?? `exit code ${code}`}) before it was serving`));
      return;
    }
    this.logger.error({ code, signal }, "the consumers' process ended; starting it again");
    setTimeout(() => {
      if (!this.stopping) this.child = this.spawn();
    }, restartPauseMs);
  }
}
