import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ConsentRecorded, MembershipChanged, ScoreChanged, Touchpoint } from '@rapport/events';
import { createEventCodec, SchemaCatalogError, UndecodableRecordError, UnencodableEventError } from '../index.js';

const schemasDir = resolve(import.meta.dirname, '../../../../schemas');
const codec = createEventCodec({ schemasDir });

const touchpoint: Touchpoint = {
  workspaceId: 'shop',
  sourceId: 'web',
  messageId: 'm-1',
  type: 'track',
  event: 'Order Completed',
  subjectId: 'hash',
  keyId: 'key',
  timestamp: 1_290_000_000_000,
  originalTimestamp: null,
  sentAt: 1_290_000_000_001,
  receivedAt: 1_290_000_000_002,
  flags: ['timestamp-missing'],
  imported: false,
  content: Buffer.from('sealed'),
};

const consent: ConsentRecorded = {
  workspaceId: 'shop',
  profileId: 'p-1',
  loneProfileId: 'p-2',
  purpose: 'marketing',
  channel: 'email',
  status: 'granted',
  lawfulBasis: 'consent',
  sourceId: 'web',
  textVersion: null,
  expiresAt: 1,
  timestamp: -62_135_596_800_000,
  receivedAt: 2,
  messageId: 'm-1',
  logPartition: 1,
  logOffset: 3,
  settles: ['p-3'],
};

describe('event codec', () => {
  it('writes the Confluent wire format: magic byte 0, schema id, Avro binary', () => {
    const bytes = codec.encode('consent-recorded', consent);

    expect([...bytes.subarray(0, 5)]).toEqual([0, 0, 0, 0, 35]);
    expect(bytes.subarray(5, 10).toString('latin1')).toBe('\u0008shop');
  });

  it('keeps times as plain milliseconds, before 1970 too', () => {
    expect(codec.decode(codec.encode('consent-recorded', consent))).toEqual({
      name: 'consent-recorded',
      value: consent,
    });
  });

  it('gives bytes back as a Buffer, whatever array they were written from', () => {
    const { value } = codec.decode(codec.encode('touchpoint', { ...touchpoint, content: new Uint8Array([1, 2]) }));

    expect(value).toEqual({ ...touchpoint, content: Buffer.from([1, 2]) });
  });

  it('gives content that is independent of the buffer it was read from', () => {
    const bytes = codec.encode('touchpoint', touchpoint);
    const { value } = codec.decode(bytes);
    bytes.fill(0);

    expect(value).toEqual(touchpoint);
  });

  it('takes a value of a megabyte', () => {
    const large = { ...touchpoint, content: Buffer.alloc(1_000_000, 7) };

    expect(codec.decode(codec.encode('touchpoint', large)).value).toEqual(large);
  });

  it('mends a lone surrogate, so that the log holds valid UTF-8 only', () => {
    const bytes = codec.encode('touchpoint', { ...touchpoint, event: 'a\ud800b' });

    expect(codec.decode(bytes).value).toMatchObject({ event: 'a\ufffdb' });
    expect(bytes.includes(Buffer.from('a\ufffdb'))).toBe(true);
  });

  it('names the field that does not fit, and never its value', () => {
    const wrong = { ...touchpoint, timestamp: Number.NaN, event: 'ada@example.com' };

    expect(() => codec.encode('touchpoint', wrong)).toThrow(
      new UnencodableEventError('touchpoint does not fit its schema in: timestamp (long)'),
    );
  });

  it.each([2 ** 53, -(2 ** 53), 1.5, Number.POSITIVE_INFINITY])(
    'refuses the integer %d, which it could not give back',
    (sentAt) => {
      expect(() => codec.encode('touchpoint', { ...touchpoint, sentAt })).toThrow('sentAt');
    },
  );

  it.each([2 ** 53 - 1, -(2 ** 53) + 1, -(2 ** 52) - 1, 8.64e15, -8.64e15, 64, -64, -65, -1, 0])(
    'gives back the integer %d',
    (sentAt) => {
      expect(codec.decode(codec.encode('touchpoint', { ...touchpoint, sentAt })).value).toMatchObject({ sentAt });
    },
  );

  it('goes on after a value that did not fit', () => {
    expect(() => codec.encode('touchpoint', { ...touchpoint, timestamp: 2 ** 53 })).toThrow(UnencodableEventError);

    expect(codec.decode(codec.encode('touchpoint', touchpoint)).value).toEqual(touchpoint);
  });
});

describe('poison records', () => {
  const header = (id: number) => Buffer.from([0, 0, 0, 0, id]);
  const varint = (value: number) => {
    const bytes: number[] = [];
    for (let rest = value * 2; ; rest = Math.floor(rest / 128)) {
      if (rest < 128) return Buffer.from([...bytes, rest]);
      bytes.push((rest % 128) | 128);
    }
  };
  const beforeFlags = (() => {
    const bytes = codec.encode('touchpoint', { ...touchpoint, flags: [], imported: false, content: Buffer.alloc(0) });
    return bytes.subarray(0, bytes.length - 3);
  })();

  it.each([
    ['nothing', Buffer.alloc(0), 'truncated: 0 bytes'],
    ['a header only', header(1), 'malformed touchpoint/1: touchpoint.workspaceId: the record ends early'],
    ['less than a header', Buffer.from([0, 0, 0]), 'truncated: 3 bytes'],
    ['JSON', Buffer.from('{"event":"x"}'), 'bad magic byte 123'],
    ['AWS Glue framing', Buffer.from([3, 0, ...Buffer.alloc(16), 1]), 'bad magic byte 3'],
    ['Avro single-object framing', Buffer.from([0xc3, 1, ...Buffer.alloc(8), 1]), 'bad magic byte 195'],
    ['an unknown schema id', Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1]), 'unknown schema id 4294967295'],
    ['a negative length', Buffer.concat([header(8), Buffer.from([1])]), 'a negative length'],
    ['a length of 2^40', Buffer.concat([header(8), varint(2 ** 40)]), 'the record ends early'],
    ['an endless number', Buffer.concat([header(8), Buffer.alloc(20, 0xff)]), 'a number of more than 10 bytes'],
    ['an array of 2^31 items in 6 bytes', Buffer.concat([beforeFlags, varint(2 ** 31)]), 'more items announced'],
    [
      'a negative block of 2^31 items',
      Buffer.concat([beforeFlags, Buffer.from([0xff, 0xff, 0xff, 0xff, 15, 0])]),
      'more items announced',
    ],
    ['a boolean of 2', Buffer.concat([beforeFlags, Buffer.from([0, 2, 0])]), 'touchpoint.imported: a boolean'],
  ])('refuses %s', (_name, bytes, message) => {
    expect(() => codec.decode(bytes)).toThrow(UndecodableRecordError);
    expect(() => codec.decode(bytes)).toThrow(message);
  });

  it('refuses a union branch that does not exist', () => {
    const bytes = codec.encode('timer-fired', {
      workspaceId: '',
      owner: '',
      timerId: '',
      profileId: null,
      purpose: '',
      dueAt: 0,
      firedAt: 0,
    });
    bytes[8] = 4;

    expect(() => codec.decode(bytes)).toThrow('timer-fired.profileId: no such branch of the union');
  });

  it('refuses a time beyond 2^53 rather than rounding it', () => {
    const bytes = codec.encode('score-changed', score);
    const computedAt = bytes.lastIndexOf(2);
    const tooLong = Buffer.concat([bytes.subarray(0, computedAt), varint(2 ** 55), bytes.subarray(computedAt + 1)]);

    expect(() => codec.decode(tooLong)).toThrow(UndecodableRecordError);
  });

  const score: ScoreChanged = {
    workspaceId: 'w',
    profileId: 'p',
    scoreId: 'rfm',
    value: 5,
    components: { recency: 5 },
    computedAt: 1,
    causeId: '',
  };

  it('keeps a component named __proto__ from changing any prototype', () => {
    const components = JSON.parse('{"__proto__": 1, "recency": 5}') as Record<string, number>;
    const { value } = codec.decode(codec.encode('score-changed', { ...score, components }));

    expect(value).toMatchObject({ components: { recency: 5 } });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getPrototypeOf((value as ScoreChanged).components)).toBe(Object.prototype);
  });
});

describe('older versions', () => {
  const membership: MembershipChanged = {
    workspaceId: 'shop',
    profileId: 'p-1',
    segmentId: 'buyers',
    change: 'entered',
    timestamp: 1,
    decidedAt: 2,
    causeId: 'm-1',
    imported: true,
    rearranged: true,
  };
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rapport-schemas-'));
    await cp(join(schemasDir, 'events'), join(folder, 'events'), { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function publishAnotherVersion(): Promise<void> {
    const newest = await readFile(join(folder, 'events/membership-changed/2.avsc'), 'utf8');
    const schema = JSON.parse(newest) as { fields: unknown[] };
    schema.fields.push({ name: 'evidence', type: 'string', default: 'unknown' });
    await writeFile(join(folder, 'events/membership-changed/3.avsc'), JSON.stringify(schema));
    const ids = await readFile(join(folder, 'events/ids.yaml'), 'utf8');
    await writeFile(join(folder, 'events/ids.yaml'), `${ids}\n  99: membership-changed/3\n`);
  }

  it('are read into the newest shape by default values', async () => {
    const written = codec.encode('membership-changed', membership);
    await publishAnotherVersion();

    const { value } = createEventCodec({ schemasDir: folder }).decode(written);

    expect(value).toEqual({ ...membership, evidence: 'unknown' });
  });

  it('are lifted by the upcaster of their version', async () => {
    const written = codec.encode('membership-changed', membership);
    await publishAnotherVersion();
    const upcasters = {
      'membership-changed': { 2: (value: MembershipChanged) => ({ ...value, evidence: `${value.causeId}?` }) },
    };

    const { value } = createEventCodec({ schemasDir: folder, upcasters }).decode(written);

    expect(value).toEqual({ ...membership, evidence: 'm-1?' });
  });

  it('are no longer written once there is a newer one, which is not upcast', async () => {
    await publishAnotherVersion();
    const upcasters = { 'membership-changed': { 2: (value: MembershipChanged) => ({ ...value, evidence: 'upcast' }) } };
    const codecOfNewest = createEventCodec({ schemasDir: folder, upcasters });
    const value = { ...membership, evidence: 'timer' };

    const bytes = codecOfNewest.encode('membership-changed', value);

    expect(bytes.readUInt32BE(1)).toBe(99);
    expect(codecOfNewest.decode(bytes).value).toEqual(value);
  });

  it('need an id each', async () => {
    await publishAnotherVersion();
    await writeFile(join(folder, 'events/membership-changed/4.avsc'), '{}');

    expect(() => createEventCodec({ schemasDir: folder })).toThrow(SchemaCatalogError);
    expect(() => createEventCodec({ schemasDir: folder })).toThrow('membership-changed/4.avsc has no id');
  });

  it('need a file each', async () => {
    await rm(join(folder, 'events/membership-changed/1.avsc'));

    expect(() => createEventCodec({ schemasDir: folder })).toThrow('membership-changed/1.avsc cannot be read');
  });

  it.each([
    ['1: touchpoint', 'is no id'],
    ['0: touchpoint/1', 'is no id'],
    ['1: touchpoint/1\n  2: touchpoint/1', 'has two ids'],
    ['1: touchpoint/2', 'versions 1, 2, 3'],
  ])('refuses ids.yaml with "%s"', async (lines, message) => {
    await cp(join(folder, 'events/touchpoint/1.avsc'), join(folder, 'events/touchpoint/2.avsc'));
    await writeFile(join(folder, 'events/ids.yaml'), `ids:\n  ${lines}\n`);

    expect(() => createEventCodec({ schemasDir: folder })).toThrow(message);
  });
});
