import { profileIdOf } from '@rapport/events';

/** An identifier as the graph knows it: a keyed hash under its type, in one workspace. */
export interface Identifier {
  readonly workspaceId: string;
  readonly type: string;
  /** Keyed hash of the normalised value (`SubjectVault.hash`). */
  readonly hash: string;
  /** The profile it stands for while nothing is linked with it; names the identifier everywhere in the graph. */
  readonly id: string;
}

export function identifierOf(workspaceId: string, type: string, hash: string): Identifier {
  return { workspaceId, type, hash, id: profileIdOf(workspaceId, type, hash) };
}
