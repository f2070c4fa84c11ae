import { v5 as uuidv5 } from 'uuid';

/** Root of all ids that Rapport derives; changing it would give every person a new profile id. */
const namespace = 'b1a4a4ce-5c0e-5d1c-9a63-6f7e1c2d8f10';

/**
 * A name-based UUID (RFC 9562, version 5) over the parts, which may hold any text.
 * The same parts always give the same id, so that a repeated computation repeats its ids too.
 */
export function deriveId(kind: string, ...parts: readonly (string | number)[]): string {
  return uuidv5(JSON.stringify([kind, ...parts]), namespace);
}

/** The profile a lone identifier stands for, before any link is known. */
export function profileIdOf(workspaceId: string, identifierType: string, identifierHash: string): string {
  return deriveId('profile', workspaceId, identifierType, identifierHash);
}
