import type { ProfileTouchpoint, TouchpointContent } from '@rapport/events';
import type { SubjectVault } from '@rapport/event-log';

/** A touchpoint of the profile `ada` in workspace `shop`, as `resolve` appends it, sealed with the real vault. */
export async function sealedTouchpoint(
  vault: SubjectVault,
  envelope: Partial<Omit<ProfileTouchpoint, 'content'>> & Pick<ProfileTouchpoint, 'messageId'>,
  content: TouchpointContent = {},
): Promise<ProfileTouchpoint> {
  const { workspaceId = 'shop', profileId = 'ada', messageId, timestamp = 0 } = envelope;
  const subjectId = envelope.subjectId ?? vault.hash(workspaceId, 'userId', profileId);
  const plaintext = Buffer.from(JSON.stringify(content));
  const [sealed] = await vault.seal([{ workspaceId, subjectId, boundTo: messageId, plaintext }]);
  if (sealed === undefined) throw new Error('nothing was sealed');
  return {
    sourceId: 'spec',
    type: 'track',
    event: null,
    originalTimestamp: null,
    sentAt: null,
    receivedAt: timestamp,
    flags: [],
    imported: false,
    logPartition: 0,
    logOffset: 0,
    loneProfileId: profileId,
    ...envelope,
    workspaceId,
    profileId,
    timestamp,
    subjectId,
    keyId: sealed.keyId,
    content: sealed.bytes,
  };
}
