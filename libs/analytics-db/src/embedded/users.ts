import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ClickHouseServerError } from './clickhouse-error.js';
import type { Role } from './engine.js';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export type Users = Readonly<Record<Role, Credentials>>;

/** Who asks: `X-ClickHouse-User` and `-Key`, HTTP Basic, or `user` and `password` of the URL; in this order, as ClickHouse does. */
export function roleOf(headers: IncomingHttpHeaders, parameters: URLSearchParams, users: Users): Role {
  const claimed = claimedBy(headers, parameters);
  for (const role of ['writer', 'analyst'] as const) {
    const { username, password } = users[role];
    if (claimed.username === username && isSame(claimed.password, password)) return role;
  }
  throw new ClickHouseServerError(
    516,
    'AUTHENTICATION_FAILED',
    `${claimed.username}: Authentication failed: password is incorrect, or there is no user with such name`,
  );
}

function claimedBy(headers: IncomingHttpHeaders, parameters: URLSearchParams): Credentials {
  const user = headers['x-clickhouse-user'];
  if (typeof user === 'string') return { username: user, password: String(headers['x-clickhouse-key'] ?? '') };
  const basic = /^Basic\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const text = Buffer.from(basic, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    return colon < 0
      ? { username: text, password: '' }
      : { username: text.slice(0, colon), password: text.slice(colon + 1) };
  }
  return { username: parameters.get('user') ?? 'default', password: parameters.get('password') ?? '' };
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
