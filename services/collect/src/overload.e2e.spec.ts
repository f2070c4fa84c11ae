import { connect } from 'node:net';
import { EventLogUnavailableError } from '@rapport/event-log';
import { CollectFixture, writeKey } from './testing/collect-fixture.js';

const event = JSON.stringify({ type: 'track', messageId: 'm', userId: 'u', event: 'E' });

describe('when the log is away', () => {
  it('a short absence is waited out, and the touchpoint is there once', async () => {
    let failures = 3;
    const fixture = await CollectFixture.start({
      aroundAppend: async () => {
        if (failures-- > 0) throw new EventLogUnavailableError('away');
      },
    });
    expect((await fixture.post('/v1/track', event)).status).toBe(200);
    expect(await fixture.touchpoints()).toHaveLength(1);
    await fixture.stop();
  });

  it('a long one is answered 429 with whole seconds to wait, and nothing is kept', async () => {
    // Given a clock in which every look is seconds later, so that the collector's patience ends at once
    let time = 0;
    const fixture = await CollectFixture.start({
      clock: () => (time += 4_000),
      aroundAppend: async () => {
        throw new EventLogUnavailableError('away', { retryAfterSeconds: 7 });
      },
    });
    const response = await fixture.post('/v1/track', event);
    expect([response.status, await response.json()]).toMatchObject([429, { success: false, reason: 'try-later' }]);
    expect(response.headers.get('retry-after')).toMatch(/^([7-9]|1[0-4])$/);
    expect(await fixture.touchpoints()).toEqual([]);
    await fixture.stop();
  });

  it('a defect is answered 500 without a word about its cause', async () => {
    const fixture = await CollectFixture.start({
      aroundAppend: async () => {
        throw new Error('secret of the inside');
      },
    });
    const response = await fixture.post('/v1/track', event);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    await fixture.stop();
  });
});

describe('when the disk is nearly full', () => {
  it('touchpoints are refused with time to wait, nothing is kept, and the process says that it is not ready and why', async () => {
    const fixture = await CollectFixture.start({ diskReserveBytes: Number.MAX_SAFE_INTEGER });
    for (const response of [
      await fixture.post('/v1/track', event),
      await fixture.post('/v1/batch', `{"batch":[${event}]}`),
    ]) {
      expect([response.status, await response.json()]).toMatchObject([429, { success: false, reason: 'try-later' }]);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(30);
    }
    const pixel = await fetch(`${fixture.url}/v1/pixel/track?data=e30&writeKey=${writeKey}`);
    expect(pixel.status).toBe(429);
    expect(await fixture.touchpoints()).toEqual([]);
    const ready = await fetch(`${fixture.url}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ parts: { disk: expect.stringContaining('Free some space') } });
    await fixture.stop();
  });

  it('settings and preflights of browsers are answered as ever', async () => {
    const fixture = await CollectFixture.start({ diskReserveBytes: Number.MAX_SAFE_INTEGER });
    expect((await fetch(`${fixture.url}/v1/projects/${writeKey}/settings`)).status).toBe(200);
    expect((await fetch(`${fixture.url}/v1/track`, { method: 'OPTIONS' })).status).toBe(204);
    await fixture.stop();
  });
});

describe('when too much is in hand', () => {
  it('further requests are answered 429, and taken again once there is room', async () => {
    const fixture = await CollectFixture.start();
    const { hostname, port } = new URL(fixture.url);
    // Given sixteen requests of 4 MB whose bodies do not come
    const head = `POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: ${4 * 1024 * 1024}\r\n\r\n`;
    const stuck = Array.from({ length: 16 }, () => connect(Number(port), hostname));
    for (const socket of stuck) {
      socket.on('error', () => undefined);
      socket.write(head);
    }
    const inFlight = async () =>
      /in_flight_requests (\d+)/.exec(await (await fetch(`${fixture.url}/metrics`)).text())?.[1];
    while ((await inFlight()) !== '16') await new Promise((resolve) => setImmediate(resolve));

    const refused = await fixture.post('/v1/track', event);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toMatch(/^[12]$/);

    for (const socket of stuck) socket.destroy();
    while ((await inFlight()) !== '0') await new Promise((resolve) => setImmediate(resolve));
    expect((await fixture.post('/v1/track', event)).status).toBe(200);
    expect(await fixture.touchpoints()).toHaveLength(1);
    await fixture.stop();
  });
});
