import type { JsonObject, Touchpoint, TouchpointContent, TouchpointType } from '@rapport/events';
import type { Platform } from '@rapport/runtime';

/** A touchpoint as a test says it; what it leaves out is filled in. Times are milliseconds since the epoch. */
export interface TouchpointToAppend extends Pick<
  TouchpointContent,
  'userId' | 'anonymousId' | 'previousId' | 'groupId' | 'context'
> {
  readonly type?: TouchpointType;
  readonly event?: string;
  readonly messageId?: string;
  readonly timestamp?: number;
  readonly receivedAt?: number;
  readonly workspaceId?: string;
  readonly sourceId?: string;
  readonly imported?: boolean;
  readonly profileId?: string;
  readonly properties?: JsonObject;
  readonly traits?: JsonObject;
}

let assigned = 0;

/** Seals touchpoints and appends them to `touchpoints`, as the collector does. Returns them in order. */
export async function appendTouchpoints(
  { vault, codec, eventLog }: Pick<Platform, 'vault' | 'codec' | 'eventLog'>,
  touchpoints: readonly TouchpointToAppend[],
): Promise<readonly Touchpoint[]> {
  const envelopes = touchpoints.map((touchpoint) => envelopeOf(touchpoint, vault));
  const sealed = await vault.seal(
    envelopes.map(({ workspaceId, subjectId, messageId }, i) => ({
      workspaceId,
      subjectId,
      boundTo: messageId,
      plaintext: Buffer.from(JSON.stringify(contentOf(touchpoints[i] ?? {}))),
    })),
  );
  const values = envelopes.map((envelope, i): Touchpoint => {
    const bytes = sealed[i];
    if (!bytes) throw new Error('the vault sealed fewer contents than it was given');
    return { ...envelope, keyId: bytes.keyId, content: bytes.bytes };
  });
  await eventLog.append(
    values.map((value) => ({ topic: 'touchpoints', key: value.subjectId, value: codec.encode('touchpoint', value) })),
  );
  return values;
}

function envelopeOf(touchpoint: TouchpointToAppend, vault: Platform['vault']): Omit<Touchpoint, 'keyId' | 'content'> {
  const { userId, anonymousId, profileId, workspaceId = 'default', timestamp = 1_700_000_000_000 } = touchpoint;
  const subjectId = userId
    ? vault.hash(workspaceId, 'userId', userId)
    : vault.hash(workspaceId, anonymousId ? 'anonymousId' : 'profileId', anonymousId ?? profileId ?? '');
  return {
    workspaceId,
    sourceId: touchpoint.sourceId ?? 'web',
    messageId: touchpoint.messageId ?? `message-${(assigned += 1)}`,
    type: touchpoint.type ?? 'track',
    event: touchpoint.event ?? null,
    subjectId,
    timestamp,
    originalTimestamp: timestamp,
    sentAt: null,
    receivedAt: touchpoint.receivedAt ?? timestamp,
    flags: [],
    imported: touchpoint.imported ?? false,
  };
}

function contentOf(touchpoint: TouchpointToAppend): object {
  const { userId, anonymousId, previousId, groupId, profileId, properties, traits, context } = touchpoint;
  return { userId, anonymousId, previousId, groupId, profileId, properties, traits, context };
}
