import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { describeError, PLATFORM, withKeyWork, type Platform } from '@rapport/runtime';
import { erase } from './eraser.js';
import { goingTogether } from './erasure-round.js';
import { openErasures } from './erasure.store.js';

const pauseMs = 1_000;
/** So that their ids fit into the address of a request to ClickHouse, which holds 1 MiB. */
const mostTogether = 200;

/** Erases whoever is to be erased, all who wait in one go. Several instances may run it; one of them works. */
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
      const worked = await this.eraseWaiting(signal).catch((error: unknown) => {
        if (!signal.aborted) this.warn(error);
        return false;
      });
      if (!worked && !signal.aborted) await this.pause();
    }
  }

  /** False where there was nothing to do, or somebody is still to be erased after a failure. */
  private async eraseWaiting(signal: AbortSignal): Promise<boolean> {
    const { postgres } = this.platform;
    if ((await openErasures(postgres, 1)).length === 0) return false;
    const worked = await withKeyWork(postgres, async () =>
      erase(this.platform, goingTogether(await openErasures(postgres, mostTogether)), { signal }),
    );
    if (worked === undefined) return false;
    for (const [erasureId, error] of worked.done) this.warn(error, erasureId);
    return worked.done.size === 0;
  }

  private warn(error: unknown, erasureId?: string): void {
    const about = { error: describeError(error), ...(erasureId && { erasureId }) };
    this.platform.logger.warn(about, 'an erasure was interrupted; it is tried again');
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
