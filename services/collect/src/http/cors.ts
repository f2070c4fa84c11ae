import type { FastifyReply, FastifyRequest } from 'fastify';

/** Every header that an SDK sends; `*` would not cover `authorization`. */
const allowedHeaders = [
  'authorization',
  'content-type',
  'content-encoding',
  'x-retry-count',
  'x-write-key',
  'x-enable-debug',
  'x-ip-policy',
  'anonymousid',
  'sentat',
  'rsa-retry-attempt',
  'rsa-since-last-attempt',
  'rsa-since-first-attempt',
  'rsa-retry-reason',
  'rsa-recovered',
  'sp-anonymous',
].join(', ');

/**
 * Lets browsers send from any origin. Credentials are allowed because Jitsu's SDK asks for them; nothing here reads a
 * cookie, and a write key is public, so an origin gains nothing by it.
 */
export function allowOrigin(request: FastifyRequest, reply: FastifyReply): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  void reply.headers({
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'Retry-After',
    vary: 'Origin',
  });
}

export function answerPreflight(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply
    .code(204)
    .headers({
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': allowedHeaders,
      'access-control-max-age': '86400',
    })
    .send();
}
