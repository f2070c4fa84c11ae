import type { ConsentRecorded } from '@rapport/events';

/** A statement about consent as `profile` tells it; what a test leaves out is filled in. */
export function consentRecorded(
  said: Pick<ConsentRecorded, 'workspaceId' | 'profileId' | 'status'> & Partial<ConsentRecorded>,
): ConsentRecorded {
  const { profileId, timestamp = 0 } = said;
  return {
    loneProfileId: profileId,
    purpose: 'marketing',
    channel: 'email',
    lawfulBasis: 'consent',
    sourceId: 'spec',
    textVersion: null,
    expiresAt: null,
    receivedAt: timestamp,
    messageId: 'm-1',
    logPartition: 0,
    logOffset: 0,
    settles: [],
    ...said,
    timestamp,
  };
}
