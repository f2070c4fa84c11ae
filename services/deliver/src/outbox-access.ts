import { bearerOf, mayDo, type ApiKeys } from '@rapport/runtime';

export interface Visitor {
  /** Address of the other end of the connection. */
  readonly ip: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** What somebody on the machine of an embedded Rapport sees without a key. */
const ownWorkspace = 'default';

/**
 * The workspace whose messages a visitor may read. Messages are personal, so a reader shows an API key
 * (`Authorization: Bearer <key>`). On an embedded Rapport somebody on the same machine may look without it; a request that
 * came through a proxy, or under a foreign host name (as DNS rebinding does), is not from the same machine.
 */
export async function outboxOf(
  { ip, headers }: Visitor,
  keys: Pick<ApiKeys, 'holderOf'>,
  embedded: boolean,
): Promise<string | undefined> {
  const authorization = textOf(headers['authorization']);
  if (authorization !== '') {
    const key = bearerOf(authorization);
    const holder = key === undefined ? undefined : await keys.holderOf(key);
    return holder && mayDo(holder, 'read-profile') ? holder.workspaceId : undefined;
  }
  const proxied = ['x-forwarded-for', 'x-forwarded-host', 'forwarded', 'via'].some(
    (name) => headers[name] !== undefined,
  );
  const isLocal = isLoopback(ip) && isLocalName(textOf(headers['host'])) && !proxied;
  return embedded && isLocal ? ownWorkspace : undefined;
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
