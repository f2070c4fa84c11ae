import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type DemoMessage, type DemoTouchpoint } from '../demo/history.js';
import { CollectorRefusedError, CollectorUnavailableError, sendTouchpoints } from './send.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const ok: Answer = (_, response) => response.end('{"success":true}');
const busy: Answer = (_, response) => response.writeHead(429, { 'retry-after': '7' }).end('{}');
const broken: Answer = (request) => request.socket.destroy();
const refused: Answer = (_, response) => response.writeHead(401).end('unknown write key');

const touchpoint = (person: string, number: number, properties = {}): DemoTouchpoint => ({
  person,
  message: {
    type: 'track',
    event: 'Order Completed',
    messageId: `${person}-${number}`,
    timestamp: new Date(number * 1000).toISOString(),
    userId: person,
    properties,
  },
});

describe('sending a history to the collector', () => {
  let server: Server;
  let acknowledged: DemoMessage[][];
  let headers: IncomingMessage['headers'][];
  let script: Answer[];
  let pauses: number[];
  const pause = async (milliseconds: number) => void pauses.push(milliseconds);
  const send = (touchpoints: readonly DemoTouchpoint[], parallel = 1) => {
    const { port } = server.address() as AddressInfo;
    return sendTouchpoints(touchpoints, { http: `http://127.0.0.1:${port}`, writeKey: 'key' }, { parallel, pause });
  };

  beforeEach(async () => {
    [acknowledged, headers, script, pauses] = [[], [], [], []];
    const collect: RequestListener = (request, response) =>
      void text(request).then((body) => {
        const answer = script.shift() ?? ok;
        headers.push(request.headers);
        if (answer === ok) acknowledged.push((JSON.parse(body) as { batch: DemoMessage[] }).batch);
        answer(request, response);
      });
    server = createServer(collect);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('sends every touchpoint once, a person in order, however many requests are in flight', async () => {
    const touchpoints = Array.from({ length: 3000 }, (_, number) => touchpoint(`p${number % 17}`, number));
    await expect(send(touchpoints, 4)).resolves.toEqual({
      touchpoints: 3000,
      requests: 8,
      repeated: 0,
      rejected: 0,
      suppressed: 0,
    });
    const arrived = acknowledged.flat();
    expect(new Set(arrived.map(({ messageId }) => messageId)).size).toBe(3000);
    for (let person = 0; person < 17; person++) {
      const times = arrived.filter(({ userId }) => userId === `p${person}`).map(({ timestamp }) => timestamp);
      expect(times).toEqual(times.toSorted());
    }
  });

  it('keeps batches under 500 messages and 500 KB, and signs them with the write key', async () => {
    const large = Array.from({ length: 60 }, (_, number) => touchpoint('p', number, { text: 'x'.repeat(20_000) }));
    const small = Array.from({ length: 1200 }, (_, number) => touchpoint('q', number));
    await send([...large, ...small]);
    expect(Math.max(...acknowledged.map((batch) => batch.length))).toBeLessThanOrEqual(500);
    expect(Math.max(...acknowledged.map((batch) => JSON.stringify({ batch }).length))).toBeLessThan(500_000);
    expect(headers[0]?.authorization).toBe(`Basic ${btoa('key:')}`);
  });

  it('waits as long as Retry-After says, and repeats a broken connection', async () => {
    script = [busy, broken, (_, response) => response.writeHead(503).end()];
    await expect(send([touchpoint('p', 1)])).resolves.toMatchObject({ touchpoints: 1, repeated: 3 });
    expect(pauses[0]).toBe(7000);
    expect(acknowledged).toHaveLength(1);
  });

  it('gives up on a collector that is away, and at once on one that refuses', async () => {
    script = Array.from({ length: 20 }, () => broken);
    await expect(send([touchpoint('p', 1)])).rejects.toThrow(CollectorUnavailableError);
    script = [refused];
    await expect(send([touchpoint('p', 1)])).rejects.toThrow(CollectorRefusedError);
    expect(acknowledged).toEqual([]);
  });

  it('counts what was refused, and of that what is on the suppression list', async () => {
    script = [
      (_, response) =>
        response
          .writeHead(200)
          .end('{"success":true,"rejectedCount":5,"rejectedByReason":{"suppressed":3,"too-large":2},"rejected":[]}'),
    ];
    await expect(send([touchpoint('p', 1)])).resolves.toMatchObject({ rejected: 5, suppressed: 3 });
  });

  it('sends nothing when there is nothing', async () => {
    await expect(send([])).resolves.toEqual({ touchpoints: 0, requests: 0, repeated: 0, rejected: 0, suppressed: 0 });
    expect(headers).toEqual([]);
  });
});
