import { randomUUID } from 'node:crypto';
import type { IdentityDecided } from '@rapport/events';
import type { Platform } from '@rapport/runtime';
import type { DecisionDto } from './identity.dto.js';

/** Puts an operator's word on who is one person on the log; it holds once this resolves. */
export async function appendDecision(
  { eventLog, codec, clock }: Pick<Platform, 'eventLog' | 'codec' | 'clock'>,
  decided: Omit<IdentityDecided, 'decisionId' | 'decidedAt'>,
): Promise<DecisionDto> {
  const decisionId = randomUUID();
  const value = codec.encode('identity-decided', { ...decided, decisionId, decidedAt: clock() });
  await eventLog.append([{ topic: 'identity-decisions', key: decided.workspaceId, value }]);
  return { decisionId, kind: decided.kind, identifiers: decided.identifiers };
}
