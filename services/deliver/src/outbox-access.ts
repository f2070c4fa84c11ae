import { createHash, timingSafeEqual } from 'node:crypto';

export interface Visitor {
  /** Address of the other end of the connection. */
  readonly ip: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/**
 * Messages are personal, so a reader shows the API key (`Authorization: Bearer <key>`). On an embedded Rapport somebody on
 * the same machine may look without it; a request that came through a proxy, or under a foreign host name (as DNS
 * rebinding does), is not from the same machine.
 */
export function mayReadOutbox({ ip, headers }: Visitor, apiKey: string, embedded: boolean): boolean {
  const [scheme, token] = textOf(headers['authorization']).split(' ');
  if (scheme?.toLowerCase() === 'bearer' && token !== undefined) return isSame(token, apiKey);
  const proxied = ['x-forwarded-for', 'x-forwarded-host', 'forwarded', 'via'].some(
    (name) => headers[name] !== undefined,
  );
  return embedded && isLoopback(ip) && isLocalName(textOf(headers['host'])) && !proxied;
}

function isSame(token: string, apiKey: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(token), digest(apiKey));
}

function isLoopback(ip: string): boolean {
  return ip === '::1' || /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(ip);
}

function isLocalName(host: string): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host);
}

function textOf(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' ? header : '';
}
