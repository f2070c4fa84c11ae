import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { CompactedTopic, type EventCodec, type EventLog } from '@rapport/event-log';
import type { ApiKeyRecorded } from '@rapport/events';

/**
 * What a key may do in its workspace.
 * - `read-profile`: people, one by one
 * - `write`: record touchpoints, consents and commands
 * - `read-sql`: ask the analytics store, all of the workspace at once
 * - `admin`: everything, also what changes who is suppressed or erased
 */
export const apiScopes = ['read-profile', 'write', 'read-sql', 'admin'] as const;
export type ApiScope = (typeof apiScopes)[number];

/** Who holds a valid key. The workspace comes from here and from nowhere else. */
export interface KeyHolder {
  readonly workspaceId: string;
  /** For the audit; says nothing about the secret. */
  readonly apiKeyId: string;
  readonly scopes: readonly ApiScope[];
}

/** A key with its secret, which is shown once and kept nowhere. */
export interface NewApiKey {
  readonly key: string;
  readonly record: ApiKeyRecorded;
}

export interface ApiKeysParts {
  readonly eventLog: EventLog;
  readonly codec: EventCodec;
  readonly clock: () => number;
  /** Opens the default workspace with every scope; it stands in the configuration. */
  readonly installationKey: string;
}

/** A revoked key opens nothing after this long, in every process. */
const mayBeOldMs = 1_000;

/** The keys of the API: the compacted topic `api-keys`, secrets by SHA-256 (they are random, so a slow hash adds nothing). */
export class ApiKeys {
  private readonly topic: CompactedTopic<'api-key-recorded'>;

  constructor(private readonly parts: ApiKeysParts) {
    const { eventLog, codec, clock } = parts;
    this.topic = new CompactedTopic({ eventLog, codec, clock, topic: 'api-keys', event: 'api-key-recorded' });
  }

  /** `undefined` for a key that is not known, was revoked or has expired. */
  async holderOf(key: string): Promise<KeyHolder | undefined> {
    if (isSame(digest(key), digest(this.parts.installationKey))) {
      return { workspaceId: 'default', apiKeyId: 'installation', scopes: ['admin'] };
    }
    const { apiKeyId, secret } = partsOf(key) ?? {};
    if (apiKeyId === undefined || secret === undefined) return undefined;
    await this.refresh();
    const record = this.topic.get(apiKeyId);
    if (record === undefined || !isSame(Buffer.from(record.secretHash, 'base64url'), digest(secret))) return undefined;
    if (record.expiresAt !== null && record.expiresAt <= this.parts.clock()) return undefined;
    const scopes = apiScopes.filter((scope) => record.scopes.includes(scope));
    return { workspaceId: record.workspaceId, apiKeyId, scopes };
  }

  async create(wanted: {
    readonly workspaceId: string;
    readonly name: string;
    readonly scopes: readonly ApiScope[];
    readonly expiresAt: number | null;
  }): Promise<NewApiKey> {
    const apiKeyId = randomBytes(6).toString('hex');
    const secret = randomBytes(32).toString('hex');
    const createdAt = this.parts.clock();
    const secretHash = digest(secret).toString('base64url');
    const record: ApiKeyRecorded = { ...wanted, apiKeyId, secretHash, createdAt, replacedBy: null };
    await this.topic.put(apiKeyId, record);
    return { key: `rk_${apiKeyId}_${secret}`, record };
  }

  /** A new key with the rights of another one, which opens for `overlapMs` more; `undefined` where there is none. */
  async rotate(apiKeyId: string, overlapMs: number): Promise<NewApiKey | undefined> {
    await this.topic.refresh();
    const old = this.topic.get(apiKeyId);
    if (old === undefined) return undefined;
    const { workspaceId, name, scopes, createdAt, expiresAt: oldEnd, replacedBy } = old;
    const now = this.parts.clock();
    // Made for 30 days, it is renewed for 30 days. Once it was replaced its end is that of the overlap.
    const freshEnd = oldEnd === null || replacedBy !== null ? null : now + (oldEnd - createdAt);
    const kept = { workspaceId, name, scopes: scopes as readonly ApiScope[] };
    const created = await this.create({ ...kept, expiresAt: freshEnd });
    const expiresAt = Math.min(oldEnd ?? Infinity, now + overlapMs);
    await this.topic.put(apiKeyId, { ...old, expiresAt, replacedBy: created.record.apiKeyId });
    return created;
  }

  /** False where there is no such key. */
  async revoke(apiKeyId: string): Promise<boolean> {
    await this.topic.refresh();
    if (this.topic.get(apiKeyId) === undefined) return false;
    await this.topic.remove(apiKeyId);
    return true;
  }

  async list(): Promise<readonly ApiKeyRecorded[]> {
    await this.topic.refresh();
    return this.topic.values().toSorted((a, b) => a.createdAt - b.createdAt || (a.apiKeyId < b.apiKeyId ? -1 : 1));
  }

  /** While the log is away, what was known until then counts. */
  private async refresh(): Promise<void> {
    try {
      await this.topic.refresh(mayBeOldMs);
    } catch (error) {
      if (!this.topic.hasBeenRead) throw error;
    }
  }
}

/** The key of `Authorization: Bearer <key>`. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1];
}

export function mayDo({ scopes }: KeyHolder, scope: ApiScope): boolean {
  return scopes.includes(scope) || scopes.includes('admin');
}

function partsOf(key: string): { readonly apiKeyId: string; readonly secret: string } | undefined {
  const [, apiKeyId, secret] = /^rk_([0-9a-f]{12})_([0-9a-f]{64})$/.exec(key) ?? [];
  return apiKeyId === undefined || secret === undefined ? undefined : { apiKeyId, secret };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** In constant time, whatever the lengths. */
function isSame(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
