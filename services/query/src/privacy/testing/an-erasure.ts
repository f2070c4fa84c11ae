import type { Erasure } from '../erasure.js';

/** An erasure that was asked for a moment ago, of a person with one id of each kind. */
export function anErasure(erasureId: string, given: Partial<Erasure> = {}): Erasure {
  return {
    erasureId,
    workspaceId: 'shop',
    status: 'requested',
    step: 'waiting',
    profileIds: [`profile-${erasureId}`],
    subjectIds: [`subject-${erasureId}`],
    identifierHashes: [],
    requestedBy: 'api-key:1',
    requestedAt: 0,
    findings: [],
    certificate: null,
    completedAt: null,
    ...given,
  };
}
