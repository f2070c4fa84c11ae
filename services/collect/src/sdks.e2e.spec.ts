import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { jest } from '@jest/globals';
import { jitsuAnalytics } from '@jitsu/js';
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { eventually } from '@rapport/testing';
import { JSDOM } from 'jsdom';
import { CollectFixture, writeKey } from './testing/collect-fixture.js';
import { ScriptedProxy, type ProxyStep } from './testing/scripted-proxy.js';

const retryAfter = { status: 429, headers: { 'retry-after': '1' } };
const scripts: [name: string, steps: ProxyStep[]][] = [
  ['no trouble', []],
  ['429 with Retry-After', [retryAfter]],
  ['429 without Retry-After', [{ status: 429 }]],
  ['503', [{ status: 503 }]],
  ['a connection that is reset', ['reset']],
  ['an answer that is lost', ['lost-answer']],
];

/** Unmodified SDKs against the real collector. Every event sent is on the log; a repeated one has the same messageId. */
describe('the SDK', () => {
  let fixture: CollectFixture;
  let proxy: ScriptedProxy;

  beforeEach(async () => {
    // The SDKs complain there about every answer the script makes them see.
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    fixture = await CollectFixture.start();
    proxy = await ScriptedProxy.start(fixture.url);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await proxy.stop();
    await fixture.stop();
  });

  /** The events on the log, each messageId once, as `type:name`. */
  const arrived = async (): Promise<string[]> => {
    const touchpoints = await fixture.touchpoints();
    expect(await fixture.rejections()).toEqual([]);
    const byId = new Map(touchpoints.map((one) => [one.messageId, `${one.type}:${one.event ?? ''}`]));
    return [...byId.values()].sort();
  };

  const arrives = (expected: readonly string[]): Promise<void> =>
    eventually(async () => {
      expect(await arrived()).toEqual([...expected].sort());
      expect(proxy.isPlayed).toBe(true);
    });

  const orders = Array.from({ length: 20 }, (_, index) => `Order ${index}`);
  const tracked = orders.map((name) => `track:${name}`);
  const every = [...tracked, 'identify:', 'page:', 'screen:', 'group:', 'alias:'];

  it.each(scripts)('@segment/analytics-node delivers every event once: %s', async (_name, steps) => {
    proxy.play(steps);
    const analytics = new Analytics({ writeKey, host: `http://${proxy.host}`, flushAt: 7, flushInterval: 50 });
    analytics.identify({ userId: 'u-1', traits: { plan: 'pro' } });
    for (const event of orders) analytics.track({ userId: 'u-1', event, properties: { total: 1 } });
    analytics.page({ userId: 'u-1', name: 'Home' });
    analytics.screen({ userId: 'u-1', name: 'Home' });
    analytics.group({ userId: 'u-1', groupId: 'g-1' });
    analytics.alias({ userId: 'u-1', previousId: 'a-1' });
    await analytics.closeAndFlush();
    await arrives(every);
    const traits = (await fixture.touchpoints()).find(({ type }) => type === 'identify')?.content?.traits;
    expect(traits).toEqual({ plan: 'pro' });
  });

  it('@segment/analytics-node keeps the dates of history', async () => {
    proxy.play([]);
    const analytics = new Analytics({ writeKey, host: `http://${proxy.host}`, flushAt: 1 });
    const timestamp = new Date('2010-12-01T08:26:00.000Z');
    analytics.track({ userId: 'u-1', event: 'Old Order', timestamp, context: { imported: true } });
    await analytics.closeAndFlush();
    await arrives(['track:Old Order']);
    expect(await fixture.touchpoints()).toMatchObject([{ timestamp: timestamp.getTime(), imported: true, flags: [] }]);
  });

  it.each(scripts)(
    '@rudderstack/rudder-sdk-node (gzip as a form) delivers every event once: %s',
    async (_name, steps) => {
      proxy.play(steps);
      const analytics = new RudderAnalytics(writeKey, {
        dataPlaneUrl: `http://${proxy.host}`,
        flushAt: 7,
        flushInterval: 50,
      });
      // `flush` resolves while batches are on their way; the callback of an event comes after the answer to its batch.
      await Promise.all([
        answered((done) => analytics.identify({ userId: 'u-1', traits: { plan: 'pro' } }, done)),
        ...orders.map((event) =>
          answered((done) => analytics.track({ userId: 'u-1', event, properties: { total: 1 } }, done)),
        ),
        answered((done) => analytics.page({ userId: 'u-1', name: 'Home' }, done)),
        answered((done) => analytics.screen({ userId: 'u-1', name: 'Home' }, done)),
        answered((done) => analytics.group({ userId: 'u-1', groupId: 'g-1' }, done)),
        answered((done) => analytics.alias({ userId: 'u-1', previousId: 'a-1' }, done)),
      ]);
      await arrives(every);
    },
  );

  describe('@segment/analytics-next in a browser', () => {
    const load = async (settings: object): Promise<{ dom: JSDOM; analytics: BrowserAnalytics }> => {
      const dom = new JSDOM('<!doctype html>', {
        url: 'https://shop.example/',
        runScripts: 'outside-only',
        pretendToBeVisual: true,
      });
      dom.window.fetch = ((url: string, init: RequestInit) =>
        fetch(url, { ...init, keepalive: false, signal: null })) as typeof fetch;
      const bundle = createRequire(import.meta.url)
        .resolve('@segment/analytics-next')
        .replace(/cjs.index\.js$/, 'umd/index.js');
      dom.window.eval(await readFile(bundle, 'utf8'));
      const { AnalyticsBrowser } = (dom.window as unknown as { AnalyticsNext: BrowserModule }).AnalyticsNext;
      const [analytics] = await AnalyticsBrowser.load({ writeKey, cdnURL: `http://${proxy.host}` }, settings);
      return { dom, analytics };
    };

    it.each(scripts)('delivers every event once: %s', async (_name, steps) => {
      const { dom, analytics } = await load({});
      proxy.play(steps);
      await Promise.all([
        analytics.identify('u-1', { plan: 'pro' }),
        analytics.page('Home'),
        analytics.track('Order 1'),
      ]);
      await arrives(['identify:', 'page:', 'track:Order 1']);
      expect(new Set(proxy.posts)).toEqual(new Set(['/v1/i', '/v1/p', '/v1/t']));
      dom.window.close();
    });

    it.each(scripts)('delivers every event once in batches: %s', async (_name, steps) => {
      const deliveryStrategy = { strategy: 'batching', config: { size: 3, timeout: 50 } };
      const { dom, analytics } = await load({ integrations: { 'Segment.io': { deliveryStrategy } } });
      proxy.play(steps);
      await Promise.all(['A', 'B', 'C'].map((event) => analytics.track(event)));
      await arrives(['track:A', 'track:B', 'track:C']);
      expect(new Set(proxy.posts)).toEqual(new Set(['/v1/b']));
      dom.window.close();
    });
  });

  describe('@jitsu/js, which never tries again,', () => {
    const load = (s2s: boolean) =>
      jitsuAnalytics({ host: `http://${proxy.host}`, writeKey: `${writeKey}:secret`, s2s, fetch, runtime: undefined });

    it.each([[false], [true]])('delivers every event once (s2s: %p)', async (s2s) => {
      proxy.play([]);
      const analytics = load(s2s);
      await analytics.identify('u-1', { plan: 'pro' });
      await analytics.page({ name: 'Home' });
      await analytics.track('Order 1', { total: 1 });
      await analytics.group('g-1');
      await arrives(['group:', 'identify:', 'page:', 'track:Order 1']);
      expect(new Set(proxy.posts.map((path) => path.startsWith(s2s ? '/api/s/s2s/' : '/api/s/')))).toEqual(
        new Set([true]),
      );
    });

    it('has its event on the log even when the answer is lost', async () => {
      proxy.play(['lost-answer']);
      await load(true)
        .track('Order 1')
        .catch(() => undefined);
      await arrives(['track:Order 1']);
    });
  });
});

/** Resolves when the SDK calls back without an error. */
function answered(send: (done: (error?: Error) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    send((error) => (error ? reject(error) : resolve()));
  });
}

interface BrowserAnalytics {
  identify(userId: string, traits: object): Promise<unknown>;
  page(name: string): Promise<unknown>;
  track(event: string): Promise<unknown>;
}

interface BrowserModule {
  readonly AnalyticsBrowser: {
    load(settings: object, options: object): Promise<[BrowserAnalytics, unknown]>;
  };
}
