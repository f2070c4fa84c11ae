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
  /** Paths of the POSTs that came, in order. */
  readonly posts: string[] = [];

  private constructor(private readonly server: Server) {}

  static async start(target: string): Promise<ScriptedProxy> {
    const server = createServer();
    const proxy = new ScriptedProxy(server);
    server.on('request', (request, response) => {
      proxy.handle(target, request, response).catch(() => response.destroy());
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

  async stop(): Promise<void> {
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
      else response.writeHead(answer.status, answer.headers).end(answer.body);
    }
  }
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
