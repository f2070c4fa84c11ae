import type { FastifyRequest } from 'fastify';

/** A transparent GIF of one pixel. */
export const pixelGif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

const maxNesting = 16;

/**
 * The event of a pixel request as JSON text: Segment's `?data=` (base64 of the event), or RudderStack's fields in the
 * query, where a dotted name is a path (`properties.price=3`).
 */
export function pixelEvent(request: FastifyRequest): string {
  const query = request.query as Readonly<Record<string, string | string[] | undefined>>;
  if (typeof query.data === 'string') return Buffer.from(query.data, 'base64').toString('utf8');
  const event: NestedMap = new Map();
  const { 'user-agent': userAgent, referer } = request.headers;
  if (userAgent !== undefined) put(event, ['context', 'userAgent'], userAgent);
  if (referer !== undefined) put(event, ['context', 'page', 'url'], referer);
  for (const [name, value] of Object.entries(query)) {
    const path = name.split('.');
    const text = Array.isArray(value) ? (value[0] ?? '') : (value ?? '');
    if (name !== 'writeKey') put(event, path.length > maxNesting ? [name] : path, text);
  }
  return toJson(event);
}

/** Maps, not objects: the names come from a URL and may be `__proto__`. */
type NestedMap = Map<string, NestedMap | string>;

function put(map: NestedMap, path: readonly string[], value: string): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) {
    map.set(key, value);
    return;
  }
  const inner = map.get(key);
  const next: NestedMap = inner instanceof Map ? inner : new Map<string, NestedMap | string>();
  map.set(key, next);
  put(next, rest, value);
}

function toJson(value: NestedMap | string): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return `{${[...value].map(([key, item]) => `${JSON.stringify(key)}:${toJson(item)}`).join(',')}}`;
}
