import {
  Inject,
  Injectable,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
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
    class ConsumerHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
      private running: RunningSubscription | undefined;

      constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

      async onApplicationBootstrap(): Promise<void> {
        this.running = await runConsumer(await factory(this.platform), this.platform);
      }

      async beforeApplicationShutdown(): Promise<void> {
        await this.running?.stop();
      }
    }
    return { module: class extends ConsumerModule {}, providers: [ConsumerHost] };
  }
}
