import type { TouchpointContent } from '@rapport/events';
import { LRUCache } from 'lru-cache';
import parse from 'secure-json-parse';

/** What `resolve` opened is asked for again within its next batches; more of it would only make the heap dear to clean. */
const maxEntries = 16_384;
const maxSealedBytes = 16 * 1024 * 1024;

/** Who and what sealed bytes are bound to; a remembered content answers only for the same. */
export interface ContentBinding {
  readonly workspaceId: string;
  readonly subjectId: string;
  readonly keyId: string;
  readonly boundTo: string;
}

interface Remembered extends ContentBinding {
  readonly content: TouchpointContent;
}

/**
 * Contents opened lately, parsed once however many consumers of the process ask. Whoever looks here has first made sure
 * that the key still exists.
 */
export class OpenedContents {
  private readonly remembered = new LRUCache<string, Remembered>({ max: maxEntries, maxSize: maxSealedBytes });

  get(fingerprint: string, binding: ContentBinding): TouchpointContent | undefined {
    const known = this.remembered.get(fingerprint);
    return known !== undefined && sameBinding(known, binding) ? known.content : undefined;
  }

  add(
    fingerprint: string,
    { workspaceId, subjectId, keyId, boundTo }: ContentBinding,
    plaintext: Buffer,
  ): TouchpointContent {
    const content = parseContent(plaintext);
    this.remembered.set(
      fingerprint,
      { workspaceId, subjectId, keyId, boundTo, content },
      { size: plaintext.length + 1 },
    );
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
