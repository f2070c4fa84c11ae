import {
  Inject,
  Injectable,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { ServiceName } from '@rapport/events';
import { describeError } from '../consumer/run-consumer.js';
import { PLATFORM, type Platform } from '../platform/platform.js';
import { fireDueTimers } from './fire-due-timers.js';

const pauseMs = 250;
const longestPauseMs = 5_000;

/** Fires the due timers of one service while the application runs. Several instances may run it side by side. */
@Module({})
export class TimerModule {
  static for(owner: ServiceName): DynamicModule {
    @Injectable()
    class TimerLoop implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
      private stopped = false;
      private wake: () => void = () => undefined;
      private done: Promise<void> = Promise.resolve();

      constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

      onApplicationBootstrap(): void {
        this.done = this.run();
      }

      onModuleDestroy(): void {
        this.stopped = true;
        this.wake();
      }

      async beforeApplicationShutdown(): Promise<void> {
        await this.done;
      }

      private async run(): Promise<void> {
        for (let wait = pauseMs; !this.stopped;) {
          const fired = await fireDueTimers(owner, this.platform.clock(), this.platform).catch((error: unknown) => {
            this.platform.logger.warn({ owner, error: describeError(error) }, 'timers not fired; will retry');
            return undefined;
          });
          wait = fired === undefined ? Math.min(wait * 2, longestPauseMs) : pauseMs;
          if (!fired) await this.pause(wait);
        }
      }

      private pause(ms: number): Promise<void> {
        return new Promise((resolve) => {
          const timeout = setTimeout(resolve, ms);
          this.wake = () => {
            clearTimeout(timeout);
            resolve();
          };
        });
      }
    }
    return { module: class extends TimerModule {}, providers: [TimerLoop] };
  }
}
