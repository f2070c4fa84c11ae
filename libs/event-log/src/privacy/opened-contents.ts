import type { TouchpointContent } from '@rapport/events';
import { LRUCache } from 'lru-cache';
import parse from 'secure-json-parse';
import type { OpenRequest } from '../port/subject-vault.js';
import { isSealedAs, sealNameOf, type SealName } from './sealing.js';

/** What `resolve` opened is asked for again within its next batches; more of it would only make the heap dear to clean. */
const maxEntries = 16_384;
const maxSealedBytes = 16 * 1024 * 1024;
/** How many are remembered while nobody asks a second time: one in so many. */
const sampleEvery = 64;

/** Who and what sealed bytes are bound to; a remembered content answers only for the same. */
export interface ContentBinding {
  readonly workspaceId: string;
  readonly subjectId: string;
  readonly keyId: string;
  readonly boundTo: string;
}

interface Remembered extends ContentBinding {
  readonly seal: SealName;
  readonly content: TouchpointContent;
}

/**
 * Contents opened lately, parsed once however many consumers of the process ask. Whoever looks here has first made sure
 * that the key still exists. In a process where nobody asks twice (one consumer alone, a replay) all but a sample is let
 * go: to keep what is thrown away unread costs the collector of garbage more than to parse it.
 */
export class OpenedContents {
  private readonly remembered = new LRUCache<string, Remembered>({ max: maxEntries, maxSize: maxSealedBytes });
  /** Contents opened since one was asked for again. */
  private unasked = 0;

  get(request: OpenRequest): TouchpointContent | undefined {
    const known = this.remembered.get(request.boundTo);
    if (known === undefined || !sameBinding(known, request) || !isSealedAs(request.bytes, known.seal)) return undefined;
    this.unasked = 0;
    return known.content;
  }

  add(request: OpenRequest, plaintext: Buffer): TouchpointContent {
    const content = parseContent(plaintext);
    this.unasked += 1;
    if (this.unasked <= maxEntries || this.unasked % sampleEvery === 0) {
      const { workspaceId, subjectId, keyId, boundTo, bytes } = request;
      const entry = { workspaceId, subjectId, keyId, boundTo, seal: sealNameOf(bytes), content };
      this.remembered.set(boundTo, entry, { size: plaintext.length + 1 });
    }
    return content;
  }

  clear(): void {
    this.remembered.clear();
  }
}

/** `__proto__` and `constructor.prototype` keys are left out: whoever copies the result must not be able to set them. */
function parseContent(plaintext: Buffer): TouchpointContent {
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
