import { randomUUID } from 'node:crypto';
import { BadRequestException, Inject, Injectable } from '@nestjs/common';
import { decodeMessage, type AcceptedTouchpoint, type JsonObject, type TouchpointType } from '@rapport/events';
import { PLATFORM, type Platform } from '@rapport/runtime';

/** What the API's own commands are recorded as coming from. */
const apiSource = 'rapport-api';

/** Who a touchpoint is about: a profile, and an identifier of it that leads the touchpoint. */
export interface RecordedPerson {
  readonly workspaceId: string;
  readonly profileId: string;
  /** Newest userId, else newest anonymousId, of the profile. Absent where the profile has neither. */
  readonly identifier?: { readonly type: 'userId' | 'anonymousId'; readonly value: string };
}

/** A call of the Segment specification without its identifiers, which `RecordedPerson` gives. */
export interface RecordedCall {
  readonly type: TouchpointType;
  readonly event?: string;
  readonly properties?: JsonObject;
  readonly traits?: JsonObject;
  readonly groupId?: string;
  readonly context?: JsonObject;
  /** ISO 8601; now where absent. */
  readonly timestamp?: string;
  /** A command given again under the same id counts once. */
  readonly messageId?: string;
}

export interface RecordedTouchpoint {
  readonly messageId: string;
  readonly profileId: string;
}

/**
 * The one place where the API writes about people: every command ends as a touchpoint on the topic `touchpoints`, under
 * the acceptance rules of the collector, with source `rapport-api`, and is durable when `record` resolves. Effects come
 * through the log like any other touchpoint's, so the caller answers 202 with the `messageId`.
 * Throws `BadRequestException` with the collector's reason where the call is not acceptable.
 */
@Injectable()
export class TouchpointRecorder {
  constructor(@Inject(PLATFORM) private readonly platform: Platform) {}

  async record(person: RecordedPerson, call: RecordedCall): Promise<RecordedTouchpoint> {
    const { codec, eventLog, vault } = this.platform;
    const { workspaceId, profileId, identifier } = person;
    const { content, identifier: leading, ...envelope } = this.decode(person, call);
    const subjectId =
      identifier === undefined
        ? vault.hash(workspaceId, 'profileId', profileId)
        : vault.hash(workspaceId, leading.type, leading.value);
    const anonymousId = identifier === undefined ? undefined : content.anonymousId;
    const plaintext = Buffer.from(JSON.stringify({ ...content, anonymousId, profileId }));
    const [sealed] = await vault.seal([{ workspaceId, subjectId, boundTo: envelope.messageId, plaintext }]);
    if (sealed === undefined) throw new Error('the vault sealed nothing');
    const { keyId, bytes } = sealed;
    const value = { ...envelope, workspaceId, sourceId: apiSource, subjectId, keyId, content: bytes };
    await eventLog.append([{ topic: 'touchpoints', key: subjectId, value: codec.encode('touchpoint', value) }]);
    return { messageId: envelope.messageId, profileId };
  }

  private decode({ profileId, identifier }: RecordedPerson, call: RecordedCall): AcceptedTouchpoint {
    const who = { [identifier?.type ?? 'anonymousId']: identifier?.value ?? profileId };
    const messageId = call.messageId ?? randomUUID();
    const decoded = decodeMessage({ ...call, ...who, messageId }, undefined, {
      receivedAt: this.platform.clock(),
      sentAt: undefined,
      context: undefined,
      integrations: undefined,
      imported: false,
      ip: undefined,
      newMessageId: randomUUID,
      mayNeedMending: true,
    });
    if ('accepted' in decoded) return decoded.accepted;
    throw new BadRequestException(`${decoded.rejected.reason}: ${decoded.rejected.detail}`);
  }
}
