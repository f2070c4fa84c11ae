import type { TouchpointContent } from '@rapport/events';
import parse from 'secure-json-parse';
import type { OpenRequest } from '../port/subject-vault.js';
import { isSealedAs, sealNameOf, type SealName } from './sealing.js';

/** What `resolve` opens `profile` asks for a batch or two later; so much may wait in between. */
const maxHeld = 40_000;
const maxHeldBytes = 32 * 1024 * 1024;
/** Whoever has not asked after one to two of these will not: a duplicate, or nobody else is in the process. */
const generationMs = 10_000;
/** How many are held while nobody asks: one in so many. */
const sampleEvery = 64;

/** Who and what sealed bytes are bound to; a held content answers only for the same. */
export interface ContentBinding {
  readonly workspaceId: string;
  readonly subjectId: string;
  readonly keyId: string;
  readonly boundTo: string;
}

interface Held extends ContentBinding {
  readonly seal: SealName;
  readonly content: TouchpointContent;
  readonly size: number;
}

/**
 * Contents on their way from the consumer that opened them to the next one that asks, who takes them out: what is held is
 * only what is still waited for, in the order of the log, so a full store lets new ones pass and keeps the old. Whoever
 * looks here has first made sure that the key still exists. Where nobody asks (one consumer alone, a replay) all but a
 * sample is let go: to keep what is thrown away unread costs the collector of garbage more than to parse it.
 */
export class OpenedContents {
  private younger = new Map<string, Held>();
  private older = new Map<string, Held>();
  private heldBytes = 0;
  private begunAt: number;
  private added = 0;
  private taken = 0;
  private isAsked = true;

  /** @param clock milliseconds since the epoch */
  constructor(private readonly clock: () => number) {
    this.begunAt = clock();
  }

  take(request: OpenRequest): TouchpointContent | undefined {
    const generation = this.younger.has(request.boundTo) ? this.younger : this.older;
    const held = generation.get(request.boundTo);
    if (held === undefined || !sameBinding(held, request) || !isSealedAs(request.bytes, held.seal)) return undefined;
    generation.delete(request.boundTo);
    this.heldBytes -= held.size;
    this.taken += 1;
    return held.content;
  }

  add(request: OpenRequest, plaintext: Buffer): TouchpointContent {
    const content = parseContent(plaintext);
    this.turn();
    this.added += 1;
    const isFull = this.younger.size + this.older.size >= maxHeld || this.heldBytes + plaintext.length > maxHeldBytes;
    if (isFull || (!this.isAsked && this.added % sampleEvery !== 0)) return content;
    const { workspaceId, subjectId, keyId, boundTo, bytes } = request;
    this.heldBytes += plaintext.length - (this.younger.get(boundTo)?.size ?? 0);
    const size = plaintext.length;
    this.younger.set(boundTo, { workspaceId, subjectId, keyId, boundTo, seal: sealNameOf(bytes), content, size });
    return content;
  }

  clear(): void {
    this.younger.clear();
    this.older.clear();
    this.heldBytes = 0;
  }

  private turn(): void {
    const now = this.clock();
    if (now - this.begunAt < generationMs) return;
    for (const { size } of this.older.values()) this.heldBytes -= size;
    this.older = this.younger;
    this.younger = new Map();
    this.isAsked = this.taken > 0;
    this.taken = 0;
    this.begunAt = now;
  }
}

/** `__proto__` and `constructor.prototype` keys are left out: whoever copies the result must not be able to set them. */
export function parseContent(plaintext: Buffer): TouchpointContent {
  const text = plaintext.toString('utf8');
  // Both keys contain `proto`, unless letters of it are escaped.
  const suspect = text.includes('proto') || text.includes('\\u');
  if (!suspect) return JSON.parse(text) as TouchpointContent;
  return parse(text, null, { protoAction: 'remove', constructorAction: 'remove' }) as TouchpointContent;
}

function sameBinding(a: ContentBinding, b: ContentBinding): boolean {
  return (
    a.boundTo === b.boundTo && a.subjectId === b.subjectId && a.keyId === b.keyId && a.workspaceId === b.workspaceId
  );
}
