import { createHash, timingSafeEqual } from 'node:crypto';
import { analystOf, defaultWorkspace } from '../analyst.js';
import type { IncomingHttpHeaders } from 'node:http';
import { ClickHouseServerError } from './clickhouse-error.js';
import type { Role } from './engine.js';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export type Users = Readonly<Record<Role, Credentials>>;

/** Who asks, and the one workspace they may see; the writer sees all. */
export interface Asker {
  readonly role: Role;
  readonly workspaceId: string | undefined;
}

/** Who asks: `X-ClickHouse-User` and `-Key`, HTTP Basic, or `user` and `password` of the URL; in this order, as ClickHouse does. */
export function askerOf(headers: IncomingHttpHeaders, parameters: URLSearchParams, users: Users): Asker {
  const claimed = claimedBy(headers, parameters);
  const { writer, analyst } = users;
  if (claimed.username === writer.username && isSame(claimed.password, writer.password)) {
    return { role: 'writer', workspaceId: undefined };
  }
  const workspaceId = workspaceOfAnalyst(claimed.username, analyst.username);
  if (workspaceId !== undefined && isSame(claimed.password, analystOf(analyst, workspaceId).password)) {
    return { role: 'analyst', workspaceId };
  }
  throw new ClickHouseServerError(
    516,
    'AUTHENTICATION_FAILED',
    `${claimed.username}: Authentication failed: password is incorrect, or there is no user with such name`,
  );
}

function workspaceOfAnalyst(username: string, analyst: string): string | undefined {
  if (username === analyst) return defaultWorkspace;
  return username.startsWith(`${analyst}_`) ? username.slice(analyst.length + 1) : undefined;
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
