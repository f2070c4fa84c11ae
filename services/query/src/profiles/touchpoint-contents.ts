import type { JsonObject, Touchpoint } from '@rapport/events';
import type { Platform } from '@rapport/runtime';
import type { PositionDto } from './profile.dto.js';

export interface SaidTouchpoint {
  readonly messageId?: string;
  readonly sourceId?: string;
  /** `null` where the log holds it no more or its person was erased. */
  readonly content: JsonObject | null;
}

/** Reads back from the log what touchpoints of a workspace said, by their positions on `touchpoints`. */
export async function readContents(
  { eventLog, codec, vault }: Pick<Platform, 'eventLog' | 'codec' | 'vault'>,
  workspaceId: string,
  positions: readonly PositionDto[],
): Promise<readonly SaidTouchpoint[]> {
  return Promise.all(
    positions.map(async (position): Promise<SaidTouchpoint> => {
      const touchpoint = await readTouchpoint({ eventLog, codec }, position);
      if (touchpoint?.workspaceId !== workspaceId) return { content: null };
      const { subjectId, keyId, messageId, sourceId, content: bytes } = touchpoint;
      const [content] = await vault.openContent([{ workspaceId, subjectId, keyId, boundTo: messageId, bytes }]);
      return { messageId, sourceId, content: (content ?? null) as JsonObject | null };
    }),
  );
}

/** The touchpoint at a position; `undefined` where the log holds it no more. */
export async function readTouchpoint(
  { eventLog, codec }: Pick<Platform, 'eventLog' | 'codec'>,
  { partition, offset }: PositionDto,
): Promise<Touchpoint | undefined> {
  for await (const [record] of eventLog.read({ topic: 'touchpoints', partition, from: offset, to: offset + 1 })) {
    const event = record?.offset === offset && record.value ? codec.decode(record.value) : undefined;
    if (event?.name === 'touchpoint') return event.value;
  }
  return undefined;
}
