import { createApp, runConsumer, type Consumer, type Platform, type ServiceModule } from '@rapport/runtime';
import { caughtUp } from './caught-up.js';

export interface Serving {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** Asks the API with the key of the platform's settings; a `body` is posted. What is no JSON comes as text. */
  ask<T>(path: string, body?: object): Promise<{ readonly status: number; readonly body: T }>;
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
  const url = await app.getUrl();
  return {
    url,
    ask: <T>(path: string, body?: object) => askApi<T>(url + path, platform.config.secrets.apiKey, body),
    async caughtUp() {
      for (const consumer of consumers) await caughtUp(platform, consumer);
    },
    async stop() {
      await Promise.all(running.map((each) => each.stop()));
      await app.close();
    },
  };
}

async function askApi<T>(url: string, apiKey: string, body: object | undefined) {
  const authorization = `Bearer ${apiKey}`;
  const response = await fetch(
    url,
    body === undefined
      ? { headers: { authorization } }
      : {
          method: 'POST',
          headers: { authorization, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        },
  );
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, body: (isJson ? await response.json() : await response.text()) as T };
}
