import {
  Inject,
  Injectable,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { RunningSubscription } from '@rapport/event-log';
import { PLATFORM, type Platform } from '../platform/platform.js';
import { runConsumer, type Consumer } from './run-consumer.js';

export type ConsumerFactory = (platform: Platform) => Consumer | Promise<Consumer>;

/** Starts a consumer with the application and drains it before the application closes. */
@Module({})
export class ConsumerModule {
  static for(factory: ConsumerFactory): DynamicModule {
    @Injectable()
    class ConsumerHost implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
      private running: RunningSubscription | undefined;
      private drained: Promise<void> | undefined;

      constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

      async onApplicationBootstrap(): Promise<void> {
        this.running = await runConsumer(await factory(this.platform), this.platform);
      }

      /** Nest waits for one module after the other: were they told in turn, the later ones would go on meanwhile. */
      onModuleDestroy(): void {
        this.drained = this.running?.stop();
      }

      async beforeApplicationShutdown(): Promise<void> {
        await this.drained;
      }
    }
    return { module: class extends ConsumerModule {}, providers: [ConsumerHost] };
  }
}
