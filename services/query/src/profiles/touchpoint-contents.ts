import type { JsonObject, ProfileTouchpoint, Touchpoint } from '@rapport/events';
import type { Platform } from '@rapport/runtime';

interface Position {
  readonly partition: number;
  readonly offset: number;
}

/**
 * Reads back from the log what touchpoints said, by their positions on `touchpoints`; `null` where the log holds one no
 * more, its person was erased, or another workspace's touchpoint stands there.
 */
export async function readContents(
  { eventLog, codec, vault }: Pick<Platform, 'eventLog' | 'codec' | 'vault'>,
  workspaceId: string,
  positions: readonly Position[],
): Promise<readonly (JsonObject | null)[]> {
  const touchpoints = await Promise.all(positions.map((position) => readTouchpoint({ eventLog, codec }, position)));
  const own = touchpoints.map((touchpoint) => (touchpoint?.workspaceId === workspaceId ? touchpoint : undefined));
  const opened = await vault.openContent(
    own
      .filter((touchpoint) => touchpoint !== undefined)
      .map(({ subjectId, keyId, messageId, content }) => ({
        workspaceId,
        subjectId,
        keyId,
        boundTo: messageId,
        bytes: content,
      })),
  );
  const contents = opened.values();
  return own.map((touchpoint) => (touchpoint ? ((contents.next().value ?? null) as JsonObject | null) : null));
}

async function readTouchpoint(
  { eventLog, codec }: Pick<Platform, 'eventLog' | 'codec'>,
  { partition, offset }: Position,
): Promise<Touchpoint | ProfileTouchpoint | undefined> {
  for await (const [record] of eventLog.read({ topic: 'touchpoints', partition, from: offset, to: offset + 1 })) {
    const event = record?.offset === offset && record.value ? codec.decode(record.value) : undefined;
    if (event?.name === 'touchpoint') return event.value;
  }
  return undefined;
}
