import type { LogEvents } from '@rapport/events';
import type { EventCodec } from '@rapport/event-log';

/** A record that never came through the collector, and the reason its dead letter gives. */
export interface PoisonRecord {
  readonly name: string;
  readonly value: Buffer;
  readonly reason: string;
}

/** Says that 2^31 - 1 items follow, in five bytes; after them the end of the list. */
const bomb = Buffer.from([0xfe, 0xff, 0xff, 0xff, 0x0f, 0x00]);

/** @param sound a touchpoint that the collector wrote */
export function poisonRecords(codec: EventCodec, sound: LogEvents['touchpoint']): readonly PoisonRecord[] {
  const bytes = codec.encode('touchpoint', sound);
  const header = bytes.subarray(0, 5);
  // The last fields are the list of flags, a Bool and the bytes of the content: a zero each when they are empty.
  const bare = codec.encode('touchpoint', { ...sound, flags: [], imported: false, content: Buffer.alloc(0) });
  const tampered = Buffer.from(sound.content);
  tampered[tampered.length - 1]! ^= 1;
  const reason = 'undecodable';
  return [
    { name: 'no bytes', value: Buffer.alloc(0), reason },
    { name: 'a bad magic byte', value: Buffer.concat([Buffer.from([1]), bytes.subarray(1)]), reason },
    {
      name: 'an unknown schema id',
      value: Buffer.concat([Buffer.from([0, 0, 1, 0x86, 0x9f]), bytes.subarray(5)]),
      reason,
    },
    { name: 'the Avro bomb as its first text', value: Buffer.concat([header, bomb]), reason },
    { name: 'the Avro bomb as its flags', value: Buffer.concat([bare.subarray(0, -3), bomb]), reason },
    { name: 'its second half missing', value: bytes.subarray(0, bytes.length >> 1), reason },
    { name: 'a byte too many', value: Buffer.concat([bytes, Buffer.from([0])]), reason },
    {
      name: 'an event of another topic',
      value: codec.encode('profiles-merged', {
        workspaceId: sound.workspaceId,
        survivorId: 'a',
        mergedId: 'b',
        profileIds: ['b'],
        sequence: 1,
        reason: 'poison',
        timestamp: 0,
        messageId: 'poison',
      }),
      reason: 'unexpected-event',
    },
    {
      name: 'content that was tampered with',
      value: codec.encode('touchpoint', { ...sound, messageId: 'tampered', content: tampered }),
      reason: 'handler-failed: SealBrokenError',
    },
  ];
}
