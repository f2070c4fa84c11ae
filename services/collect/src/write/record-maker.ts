import { randomUUID } from 'node:crypto';
import type { AcceptedTouchpoint, LeadingIdentifier, Rejection } from '@rapport/events';
import type { EventCodec, RecordToAppend, SealedBytes, SealRequest, SubjectVault } from '@rapport/event-log';
import type { Source } from '@rapport/runtime';
import { LRUCache } from 'lru-cache';
import { edgeLimits } from '../limits.js';

/** A record that waits for its personal part to be sealed. */
export interface UnsealedRecord {
  readonly seal: SealRequest;
  readonly toRecord: (sealed: SealedBytes) => RecordToAppend;
}

export interface RejectedBody extends Rejection {
  readonly messageId: string | null;
  readonly identifier: LeadingIdentifier | undefined;
  /** What was sent: one event, or the whole request where it could not be split. */
  readonly body: Buffer;
}

export interface RecordMaker {
  touchpoint(source: Source, accepted: AcceptedTouchpoint): UnsealedRecord;
  /** One record, or several where the body is too large for one. */
  rejection(source: Source, rejected: RejectedBody, receivedAt: number): UnsealedRecord[];
}

/** Turns what the collector decided into records for the log. */
export function createRecordMaker(codec: EventCodec, vault: SubjectVault): RecordMaker {
  const hash = rememberHashes(vault);
  return {
    touchpoint(source, { identifier, content, ...touchpoint }) {
      const { workspaceId, id: sourceId } = source;
      const subjectId = hash(workspaceId, identifier.type, identifier.value);
      const plaintext = Buffer.from(JSON.stringify(content));
      return {
        seal: { workspaceId, subjectId, boundTo: touchpoint.messageId, plaintext },
        toRecord: ({ keyId, bytes }) => ({
          topic: 'touchpoints',
          key: subjectId,
          value: codec.encode('touchpoint', { ...touchpoint, workspaceId, sourceId, subjectId, keyId, content: bytes }),
        }),
      };
    },
    rejection(source, rejected, receivedAt) {
      const subjectId = subjectOfRejection(vault, source, rejected.identifier, receivedAt);
      return parts(rejected).map((part) => rejectionPart(codec, source, part, subjectId, receivedAt));
    },
  };
}

/** A person sends many touchpoints in a row, and a hash costs as much as sealing one. */
function rememberHashes(vault: SubjectVault): SubjectVault['hash'] {
  const hashes = new LRUCache<string, string>({ max: 20_000 });
  return (workspaceId, identifierType, value) => {
    const identifier = `${workspaceId}/${identifierType}/${value}`;
    const known = hashes.get(identifier);
    if (known !== undefined) return known;
    const subjectId = vault.hash(workspaceId, identifierType, value);
    hashes.set(identifier, subjectId);
    return subjectId;
  };
}

/**
 * Whose key seals a rejected body: the person's where the event tells who it is, so that erasing the person covers it;
 * else a key of the source's day, so that the day can be erased.
 */
function subjectOfRejection(
  vault: SubjectVault,
  { workspaceId, id }: Source,
  identifier: LeadingIdentifier | undefined,
  receivedAt: number,
): string {
  if (identifier !== undefined) return vault.hash(workspaceId, identifier.type, identifier.value);
  return vault.hash(workspaceId, 'rejectionsOfDay', `${id}/${new Date(receivedAt).toISOString().slice(0, 10)}`);
}

interface RejectionPart extends Omit<RejectedBody, 'reason' | 'identifier'> {
  readonly rejectionId: string;
  readonly reason: Rejection['reason'] | 'continued';
}

/** A body larger than one record may be goes on in records of the reason `continued`, which are no events of their own. */
function parts({ body, ...rejected }: RejectedBody): RejectionPart[] {
  const rejectionId = randomUUID();
  const count = Math.max(1, Math.ceil(body.length / edgeLimits.rejectionPartBytes));
  return Array.from({ length: count }, (_, index) => {
    const start = index * edgeLimits.rejectionPartBytes;
    const slice = body.subarray(start, start + edgeLimits.rejectionPartBytes);
    if (index === 0) return { ...rejected, rejectionId, body: slice };
    const detail = `part ${index + 1} of ${count} of ${rejectionId}`;
    return { ...rejected, rejectionId: `${rejectionId}/${index + 1}`, reason: 'continued', detail, body: slice };
  });
}

function rejectionPart(
  codec: EventCodec,
  { workspaceId, id: sourceId }: Source,
  { rejectionId, reason, detail, messageId, body }: RejectionPart,
  subjectId: string,
  receivedAt: number,
): UnsealedRecord {
  return {
    seal: { workspaceId, subjectId, boundTo: rejectionId, plaintext: body },
    toRecord: ({ keyId, bytes }) => ({
      topic: 'rejected-touchpoints',
      key: rejectionId,
      value: codec.encode('rejected-touchpoint', {
        ...{ rejectionId, workspaceId, sourceId, reason, detail, messageId, receivedAt, subjectId, keyId },
        body: bytes,
      }),
    }),
  };
}
