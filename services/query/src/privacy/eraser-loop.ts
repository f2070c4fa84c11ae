import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { describeError, PLATFORM, withKeyWork, type Platform } from '@rapport/runtime';
import { erase } from './eraser.js';
import { nextErasure } from './erasure.store.js';

const pauseMs = 1_000;

/** Erases whoever is to be erased, one person at a time. Several instances may run it; one of them works. */
@Injectable()
export class EraserLoop implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private interrupt: () => void = () => undefined;
  private done: Promise<void> = Promise.resolve();

  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  onApplicationBootstrap(): void {
    this.done = this.run();
  }

  onModuleDestroy(): void {
    this.stopping.abort(new Error('Rapport is being stopped; the erasure goes on after the next start'));
    this.interrupt();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.done;
  }

  /** Somebody has just asked for an erasure. */
  wake(): void {
    this.interrupt();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const worked = await this.eraseNext(signal).catch((error: unknown) => {
        if (!signal.aborted) {
          this.platform.logger.warn({ error: describeError(error) }, 'an erasure was interrupted; it is tried again');
        }
        return false;
      });
      if (!worked && !signal.aborted) await this.pause();
    }
  }

  private async eraseNext(signal: AbortSignal): Promise<boolean> {
    if ((await nextErasure(this.platform.postgres)) === undefined) return false;
    const worked = await withKeyWork(this.platform.postgres, async () => {
      const erasure = await nextErasure(this.platform.postgres);
      if (erasure) await erase(this.platform, erasure, signal);
    });
    return worked !== undefined;
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timeout = setTimeout(resolve, pauseMs);
      this.interrupt = () => {
        clearTimeout(timeout);
        resolve();
      };
    });
  }
}
