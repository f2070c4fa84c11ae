import { createApp, runConsumer, type Consumer, type Platform, type ServiceModule } from '@rapport/runtime';
import { caughtUp } from './caught-up.js';

export interface Serving {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** Resolves when each consumer, one after the other, has committed all that stood on its topics. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

/** Serves over the platform of a test, with consumers beside it in the order of the flow. */
export async function startServing(
  platform: Platform,
  services: readonly ServiceModule[],
  consumers: readonly Consumer[] = [],
): Promise<Serving> {
  const app = await createApp(services, platform);
  await app.listen(0, '127.0.0.1');
  const running = await Promise.all(consumers.map((consumer) => runConsumer(consumer, platform)));
  return {
    url: await app.getUrl(),
    async caughtUp() {
      for (const consumer of consumers) await caughtUp(platform, consumer);
    },
    async stop() {
      await Promise.all(running.map((each) => each.stop()));
      await app.close();
    },
  };
}
