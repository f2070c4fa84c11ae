import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * What the proxy does with one POST; after the end of its script it passes everything on.
 * `lost-answer`: the collector takes the request, the sender never hears of it.
 */
export type ProxyStep =
  'pass' | 'reset' | 'lost-answer' | { readonly status: number; readonly headers?: Readonly<Record<string, string>> };

/** Stands between an SDK and the collector and fails as its script says. */
export class ScriptedProxy {
  private script: ProxyStep[] = [];
  private readonly inHand = new Set<Promise<void>>();
  /** Paths of the POSTs that came, in order. */
  readonly posts: string[] = [];

  private constructor(private readonly server: Server) {}

  static async start(target: string): Promise<ScriptedProxy> {
    const server = createServer();
    const proxy = new ScriptedProxy(server);
    server.on('request', (request, response) => {
      const handled = proxy
        .handle(target, request, response)
        .catch(() => void response.destroy())
        .finally(() => proxy.inHand.delete(handled));
      proxy.inHand.add(handled);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  play(steps: readonly ProxyStep[]): void {
    this.script = [...steps];
    this.posts.length = 0;
  }

  get isPlayed(): boolean {
    return this.script.length === 0;
  }

  /** Answers what has come before it closes: a sender whose answer is cut off would try again, where nobody listens. */
  async stop(): Promise<void> {
    while (this.inHand.size > 0) await Promise.all(this.inHand);
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(target: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    if (request.method === 'POST') this.posts.push(request.url ?? '');
    const step = request.method === 'POST' ? (this.script.shift() ?? 'pass') : 'pass';
    if (step === 'reset') {
      response.destroy();
    } else if (typeof step === 'object') {
      response.writeHead(step.status, { 'access-control-allow-origin': '*', ...step.headers }).end('{}');
    } else {
      const answer = await forward(target, request, body);
      if (step === 'lost-answer') response.destroy();
      else await sendAnswer(response, answer);
    }
  }
}

/** Resolves when the last byte is with the system, or the sender has gone. */
function sendAnswer(response: ServerResponse, { status, headers, body }: Answer): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.writeHead(status, headers).end(body);
  });
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

function forward(target: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method, headers: { ...headers, 'content-length': String(body.length) } };
    delete (options.headers as IncomingMessage['headers'])['transfer-encoding'];
    httpRequest(target + url, options, (answer) => {
      buffer(answer).then(
        (bytes) => resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: bytes }),
        reject,
      );
    })
      .on('error', reject)
      .end(body);
  });
}
