import type { IncomingHttpHeaders } from 'node:http';
import type { Source } from '@rapport/runtime';
import type { FindSource } from '../source-registry.js';

/** The parts of a request that may carry a write key before its body is read. */
export interface KeyCarrier {
  readonly headers: IncomingHttpHeaders;
  readonly query: unknown;
}

/**
 * The source of a request by `X-Write-Key`, else the user name of Basic, else `?writeKey=`. Bearer tokens are not ours:
 * such requests carry the key in the body, as do SDKs that send no header at all.
 */
export function sourceOfHead(request: KeyCarrier, findSource: FindSource): Source | undefined {
  const { 'x-write-key': key, authorization } = request.headers;
  const ofHeader = typeof key === 'string' ? findSource(key) : undefined;
  if (ofHeader !== undefined) return ofHeader;
  const user = authorization === undefined ? undefined : basicUser(authorization);
  const ofUser = user === undefined ? undefined : findSource(user);
  return ofUser ?? sourceOf(request.query, findSource);
}

/** The source that the `writeKey` of a body or a query names. */
export function sourceOf(carrier: unknown, findSource: FindSource): Source | undefined {
  if (typeof carrier !== 'object' || carrier === null || !('writeKey' in carrier)) return undefined;
  return typeof carrier.writeKey === 'string' ? findSource(carrier.writeKey) : undefined;
}

/** The password is ignored, and so is a missing colon: Segment's SDKs send both forms. */
function basicUser(authorization: string): string | undefined {
  if (!/^basic /i.test(authorization)) return undefined;
  return Buffer.from(authorization.slice(6).trim(), 'base64').toString('utf8').split(':', 1)[0];
}
