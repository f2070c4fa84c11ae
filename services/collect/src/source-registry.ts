import { hash } from 'node:crypto';
import type { Source, Workspace } from '@rapport/runtime';

/** Finds the source of a write key; `undefined` where no source has it. */
export type FindSource = (writeKey: string) => Source | undefined;

/**
 * Keys are looked up by their hash, so the time an answer takes tells nothing about how much of a guess was right.
 * A key of the form `id:secret` (Jitsu) also finds a source that declared `id` alone.
 */
export function createSourceRegistry(workspaces: readonly Workspace[]): FindSource {
  const sources = new Map<string, Source>();
  /** Those found before, by the key itself: hashing costs more than all the rest of a look-up. A wrong key is always hashed. */
  const found = new Map<string, Source>();
  for (const source of workspaces.flatMap((workspace) => workspace.sources)) {
    for (const key of source.writeKeys) sources.set(digest(key), source);
  }
  return (writeKey) => {
    const before = found.get(writeKey);
    if (before !== undefined) return before;
    const source = sources.get(digest(writeKey));
    if (source !== undefined) found.set(writeKey, source);
    const colon = source === undefined ? writeKey.indexOf(':') : -1;
    return colon > 0 ? sources.get(digest(writeKey.slice(0, colon))) : source;
  };
}

function digest(writeKey: string): string {
  return hash('sha256', writeKey, 'base64');
}
