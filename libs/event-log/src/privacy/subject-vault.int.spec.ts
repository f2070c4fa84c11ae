import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ProfileTouchpoint, TouchpointContent } from '@rapport/events';
import {
  createEventCodec,
  createLmdbEventLog,
  createSubjectVault,
  EventLogUnavailableError,
  SealBrokenError,
  UnknownMasterKeyError,
  type EventLog,
  type SealRequest,
  type SubjectVault,
  type SubjectVaultOptions,
} from '../index.js';

const schemasDir = resolve(import.meta.dirname, '../../../../schemas');
const codec = createEventCodec({ schemasDir });
const masterKey = randomBytes(32);
const hashKey = randomBytes(32);

let folder: string;
let eventLog: EventLog;
let now: number;
let vault: SubjectVault;
let opened: SubjectVault[];
let undecodable: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapport-vault-'));
  now = Date.UTC(2010, 11, 1);
  eventLog = createLmdbEventLog({ folder: join(folder, 'log'), partitions: 2, clock: () => now });
  await eventLog.ensureTopics();
  opened = [];
  undecodable = [];
  vault = openVault('a');
});

afterEach(async () => {
  await Promise.all(opened.map((each) => each.close()));
  await eventLog.close();
  await rm(folder, { recursive: true });
});

/** A vault as another process has it: same log and keys, memory and table of its own unless the name is the same. */
function openVault(name: string, options: Partial<SubjectVaultOptions> = {}): SubjectVault {
  const created = createSubjectVault({
    eventLog,
    codec,
    masterKeys: { current: masterKey, older: [] },
    hashKey,
    folder: join(folder, name),
    clock: () => now,
    onUndecodable: (_record, error) => undecodable.push(error.message),
    ...options,
  });
  opened.push(created);
  return created;
}

function request(subjectId: string, text: string, boundTo = 'm-1', workspaceId = 'shop'): SealRequest {
  return { workspaceId, subjectId, boundTo, plaintext: Buffer.from(text) };
}

async function sealText(by: SubjectVault, subjectId: string, text: string, boundTo = 'm-1') {
  const [sealed] = await by.seal([request(subjectId, text, boundTo)]);
  return { workspaceId: 'shop', boundTo, ...sealed! };
}

async function openText(by: SubjectVault, sealed: Awaited<ReturnType<typeof sealText>>): Promise<string | undefined> {
  return (await by.open([sealed]))[0]?.toString();
}

async function subjectKeysOnLog(): Promise<{ readonly key: string; readonly value: Buffer | null }[]> {
  const records = [];
  for (const { topic, partition, low, high } of await eventLog.bounds('subject-keys')) {
    for await (const chunk of eventLog.read({ topic, partition, from: low, to: high })) records.push(...chunk);
  }
  return records;
}

function asRead(sealed: Awaited<ReturnType<typeof sealText>>, more: Partial<ProfileTouchpoint> = {}) {
  const touchpoint: ProfileTouchpoint = {
    workspaceId: 'shop',
    sourceId: 'web',
    messageId: sealed.boundTo,
    type: 'track',
    event: 'Order Completed',
    subjectId: sealed.subjectId,
    keyId: sealed.keyId,
    timestamp: now,
    originalTimestamp: null,
    sentAt: null,
    receivedAt: now,
    flags: [],
    imported: false,
    content: sealed.bytes,
    profileId: 'p',
    loneProfileId: 'p',
    logPartition: 0,
    logOffset: 0,
    ...more,
  };
  // As it comes back from the log: other bytes in memory, the same bytes in value.
  return codec.decode(codec.encode('profile-touchpoint', touchpoint)).value as ProfileTouchpoint;
}

describe('hash', () => {
  it('repeats for the same identifier and key, in 22 characters', () => {
    expect(vault.hash('shop', 'userId', 'ada')).toBe(openVault('b').hash('shop', 'userId', 'ada'));
    expect(vault.hash('shop', 'userId', 'ada')).toMatch(/^[\w-]{22}$/);
  });

  it.each([
    ['another workspace', 'other', 'userId', 'ada'],
    ['another type', 'shop', 'anonymousId', 'ada'],
    ['another value', 'shop', 'userId', 'Ada'],
    ['parts cut elsewhere', 'sho', 'puserId', 'ada'],
    ['parts cut elsewhere, too', 'shop', 'userIda', 'da'],
  ])('differs for %s', (_name, workspaceId, type, value) => {
    expect(vault.hash(workspaceId, type, value)).not.toBe(vault.hash('shop', 'userId', 'ada'));
  });

  it('differs under another key', () => {
    const other = openVault('b', { hashKey: randomBytes(32) });

    expect(other.hash('shop', 'userId', 'ada')).not.toBe(vault.hash('shop', 'userId', 'ada'));
  });
});

describe('sealAtOnce', () => {
  it('seals with the key that is in memory, and another process opens it', async () => {
    const before = await sealText(vault, 's1', 'one');

    const sealed = vault.sealAtOnce([request('s1', 'two')])!;

    expect(sealed.map(({ keyId }) => keyId)).toEqual([before.keyId]);
    const opened = await openText(openVault('b'), { workspaceId: 'shop', boundTo: 'm-1', ...sealed[0]! });
    expect(opened).toBe('two');
  });

  it('gives nothing, and puts nothing on the log, where one of the people is new', async () => {
    await sealText(vault, 's1', 'one');

    expect(vault.sealAtOnce([request('s1', 'two'), request('s2', 'three')])).toBeUndefined();

    expect(await subjectKeysOnLog()).toHaveLength(1);
  });

  it('gives nothing once the log has to be asked about the key again', async () => {
    await sealText(vault, 's1', 'one');
    now += 60_000;

    expect(vault.sealAtOnce([request('s1', 'two')])).toBeUndefined();
  });

  it('gives nothing after the person was erased', async () => {
    await sealText(vault, 's1', 'one');
    await vault.eraseSubjects('shop', ['s1']);

    expect(vault.sealAtOnce([request('s1', 'two')])).toBeUndefined();
  });

  it('refuses a subject of another workspace', async () => {
    await sealText(vault, 's1', 'one');

    expect(() => vault.sealAtOnce([request('s1', 'two', 'm-1', 'other')])).toThrow(/belongs to workspace shop/);
  });
});

describe('seal and open', () => {
  it('give back what was sealed, in the order asked', async () => {
    const sealed = await vault.seal([request('s1', 'one'), request('s2', 'two'), request('s1', 'three')]);

    const plain = await vault.open(sealed.map((each) => ({ workspaceId: 'shop', boundTo: 'm-1', ...each })));

    expect(plain.map(String)).toEqual(['one', 'two', 'three']);
  });

  it('put keys on the log, and nothing of the content', async () => {
    const sealed = await sealText(vault, 's1', 'ada@example.com');

    const records = await subjectKeysOnLog();
    expect(records.map(({ key }) => key)).toEqual([`s1/${sealed.keyId}`]);
    expect(Buffer.concat(records.map(({ value }) => value!)).includes('ada')).toBe(false);
    expect(sealed.bytes.includes('ada')).toBe(false);
    expect(sealed.bytes).toHaveLength(12 + 'ada@example.com'.length + 16);
  });

  it('use one key per subject, however many seal at the same time', async () => {
    const sealed = await Promise.all(
      Array.from({ length: 20 }, () => vault.seal([request('s1', 'x'), request('s2', 'y')])),
    );

    expect(new Set(sealed.flat().map(({ keyId }) => keyId)).size).toBe(2);
    expect(await subjectKeysOnLog()).toHaveLength(2);
  });

  it('go on with the same key in another process and after a restart', async () => {
    const first = await sealText(vault, 's1', 'one');
    await vault.close();
    opened = [];

    const second = await sealText(openVault('a'), 's1', 'two');
    const third = await sealText(openVault('b'), 's1', 'three');

    expect([second.keyId, third.keyId]).toEqual([first.keyId, first.keyId]);
  });

  it('go on with the same key when memory holds fewer subjects than there are', async () => {
    const small = openVault('small', { maxResidentSubjects: 2 });
    const subjects = Array.from({ length: 10 }, (_, index) => `s${index}`);
    const sealed = await small.seal(subjects.map((subjectId) => request(subjectId, subjectId)));
    now += 10_000;

    const again = await small.seal(subjects.map((subjectId) => request(subjectId, subjectId)));

    expect(again.map(({ keyId }) => keyId)).toEqual(sealed.map(({ keyId }) => keyId));
    const plain = await small.open(sealed.map((each) => ({ workspaceId: 'shop', boundTo: 'm-1', ...each })));
    expect(plain.map(String)).toEqual(subjects);
  });

  it('open in another process what was sealed a moment ago', async () => {
    const reader = openVault('b');
    await openText(reader, await sealText(vault, 's1', 'one'));

    expect(await openText(reader, await sealText(vault, 's2', 'two'))).toBe('two');
  });

  it('open what two processes sealed that did not know of each other’s key', async () => {
    const other = openVault('b');
    const [a, b] = await Promise.all([sealText(vault, 's1', 'a'), sealText(other, 's1', 'b')]);

    expect([await openText(other, a), await openText(vault, b)]).toEqual(['a', 'b']);
  });

  it('share a folder between two vaults', async () => {
    const first = await sealText(vault, 's1', 'one');
    const other = openVault('a');

    expect(await openText(other, first)).toBe('one');
    expect((await sealText(other, 's1', 'two')).keyId).toBe(first.keyId);
  });

  it('refuse a subject id of another workspace', async () => {
    const sealed = await sealText(vault, 's1', 'one');

    await expect(vault.open([{ ...sealed, workspaceId: 'other' }])).rejects.toThrow('belongs to workspace shop');
  });

  it.each([
    ['another record', { boundTo: 'm-2' }],
    ['changed bytes', { bytes: Buffer.alloc(40) }],
    ['too few bytes', { bytes: Buffer.alloc(10) }],
  ])('refuse %s, naming which it was', async (_name, change) => {
    const sealed = await sealText(vault, 's1', 'one');

    const opening = vault.open([sealed, { ...sealed, ...change }]);

    await expect(opening).rejects.toThrow(SealBrokenError);
    await expect(opening).rejects.toMatchObject({ index: 1 });
  });

  it('refuse every flip of a bit', async () => {
    const sealed = await sealText(vault, 's1', 'ada');

    for (let bit = 0; bit < sealed.bytes.length * 8; bit += 1) {
      const bytes = Buffer.from(sealed.bytes);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      await expect(vault.open([{ ...sealed, bytes }])).rejects.toThrow(SealBrokenError);
    }
  });

  it('skip a record on the topic that is no subject key', async () => {
    await eventLog.append([{ topic: 'subject-keys', key: 's1/poison', value: Buffer.from('poison') }]);

    const sealed = await sealText(vault, 's1', 'one');

    expect(await openText(openVault('b'), sealed)).toBe('one');
    expect(undecodable).toHaveLength(2);
  });
});

describe('the master key', () => {
  it('can be rotated: the older one still opens, the new one seals for new subjects', async () => {
    const sealed = await sealText(vault, 's1', 'one');
    const rotated = openVault('b', { masterKeys: { current: randomBytes(32), older: [masterKey] } });

    expect(await openText(rotated, sealed)).toBe('one');
    expect(await openText(rotated, await sealText(rotated, 's2', 'two'))).toBe('two');
  });

  it('is missed with a message that says what to do', async () => {
    const sealed = await sealText(vault, 's1', 'one');
    const wrong = openVault('b', { masterKeys: { current: randomBytes(32), older: [] } });

    await expect(wrong.open([sealed])).rejects.toThrow(UnknownMasterKeyError);
    await expect(wrong.open([sealed])).rejects.toThrow('Keep an old master key');
  });

  it('must have 32 bytes', () => {
    expect(() => openVault('b', { masterKeys: { current: randomBytes(16), older: [] } })).toThrow('32 bytes, not 16');
  });
});

describe('rotation of the master key', () => {
  const newKey = randomBytes(32);
  const rotated = (name: string) => openVault(name, { masterKeys: { current: newKey, older: [masterKey] } });
  const onlyNew = (name: string) => openVault(name, { masterKeys: { current: newKey, older: [] } });
  const sealMany = async (count: number) => {
    const sealed = await vault.seal(Array.from({ length: count }, (_, i) => request(`s-${i}`, `text ${i}`)));
    return sealed.map((each) => ({ workspaceId: 'shop', boundTo: 'm-1', ...each }));
  };

  it('wraps every key anew, once; afterwards the older master key is needed no more', async () => {
    const sealed = await sealMany(1_100);
    const seen: number[] = [];
    expect(await rotated('b').rotateMasterKey((done) => seen.push(done))).toEqual({ total: 1_100, rewrapped: 1_100 });
    expect(seen).toEqual([0, 500, 1_000, 1_100]);
    const after = onlyNew('c');
    expect(await Promise.all(sealed.map((each) => openText(after, each)))).toEqual(sealed.map((_, i) => `text ${i}`));
    const onLog = (await subjectKeysOnLog()).length;
    expect(await rotated('d').rotateMasterKey()).toEqual({ total: 1_100, rewrapped: 0 });
    expect(await subjectKeysOnLog()).toHaveLength(onLog);
  });

  it('goes on where it was cut off', async () => {
    await sealMany(1_100);
    const cutOff = rotated('b').rotateMasterKey((done) => {
      if (done > 0) throw new Error('killed');
    });
    await expect(cutOff).rejects.toThrow('killed');
    expect(await rotated('c').rotateMasterKey()).toEqual({ total: 1_100, rewrapped: 600 });
  });

  it('does not bring back a key that is erased while it runs, not even for one who reads the compacted topic', async () => {
    const sealed = await sealText(vault, 'ada', 'secret');
    const rotating = rotated('b');
    await rotating.rotateMasterKey();
    const [record] = (await subjectKeysOnLog()).filter(({ value }) => value !== null).slice(-1);
    await vault.eraseSubjects('shop', ['ada']);
    // As it stands where the tombstone came between reading and wrapping.
    await eventLog.append([{ topic: 'subject-keys', key: record!.key, value: record!.value }]);
    expect(await openText(vault, sealed)).toBeUndefined();
    expect(await openText(onlyNew('c'), sealed)).toBeUndefined();
  });

  it('erases again what was erased between reading and wrapping', async () => {
    const sealed = await sealText(vault, 'ada', 'secret');
    const slow: EventLog = {
      ...eventLog,
      append: async (records) => {
        if (records.some(({ value }) => value !== null)) await vault.eraseSubjects('shop', ['ada']);
        return eventLog.append(records);
      },
    };
    await openVault('b', { eventLog: slow, masterKeys: { current: newKey, older: [masterKey] } }).rotateMasterKey();
    expect((await subjectKeysOnLog()).at(-1)?.value).toBeNull();
    expect(await openText(onlyNew('c'), sealed)).toBeUndefined();
  });

  it('is noticed by a vault that can read its master keys again, on opening and before it wraps', async () => {
    let keys = { current: masterKey, older: [] as Buffer[] };
    const running = openVault('b', { masterKeys: { ...keys, readAgain: () => keys } });
    const sealed = await sealText(vault, 'ada', 'text');
    keys = { current: newKey, older: [masterKey] };
    await rotated('c').rotateMasterKey();
    expect(await openText(running, sealed)).toBe('text');
    now += 2_000;
    await sealText(running, 'grace', 'text');
    expect([...(await rotated('d').keysByMasterKey()).values()]).toEqual([2]);
  });
});

describe('erasure', () => {
  it('leaves nothing to open in this process, at once', async () => {
    const sealed = await sealText(vault, 's1', '{"userId":"ada"}');
    await vault.openContent([sealed]);

    expect(await vault.eraseSubjects('shop', ['s1', 's1', 'nobody'])).toBe(1);

    expect(await vault.open([sealed])).toEqual([undefined]);
    expect(await vault.openContent([sealed])).toEqual([undefined]);
  });

  it('leaves other subjects alone', async () => {
    const [erased, kept] = [await sealText(vault, 's1', 'one'), await sealText(vault, 's2', 'two')];
    await vault.eraseSubjects('shop', ['s1']);

    expect((await vault.open([erased, kept])).map((plain) => plain?.toString())).toEqual([undefined, 'two']);
  });

  it('reaches another process within 60 seconds', async () => {
    const other = openVault('b');
    const sealed = await sealText(vault, 's1', 'one');
    await openText(other, sealed);
    await vault.eraseSubjects('shop', ['s1']);
    now += 60_000;

    expect(await openText(other, sealed)).toBeUndefined();
  });

  it('tombstones every key of the subject', async () => {
    const other = openVault('b');
    const sealed = await Promise.all([sealText(vault, 's1', 'a'), sealText(other, 's1', 'b')]);

    expect(await vault.eraseSubjects('shop', ['s1'])).toBe(new Set(sealed.map(({ keyId }) => keyId)).size);

    expect(await vault.open(sealed)).toEqual([undefined, undefined]);
  });

  it('gives a subject that comes back a new key; the old content stays closed', async () => {
    const before = await sealText(vault, 's1', 'before');
    await vault.eraseSubjects('shop', ['s1']);

    const after = await sealText(vault, 's1', 'after');

    expect(after.keyId).not.toBe(before.keyId);
    expect(await openText(openVault('b'), after)).toBe('after');
    expect(await openText(openVault('b'), before)).toBeUndefined();
  });

  it('is not undone by a table that missed the tombstone for half a day', async () => {
    const other = openVault('b');
    const sealed = await sealText(vault, 's1', 'one');
    await openText(other, sealed);
    await vault.eraseSubjects('shop', ['s1']);
    now += 13 * 60 * 60 * 1000;

    expect(await openText(other, sealed)).toBeUndefined();
    expect(await openText(other, await sealText(vault, 's2', 'two'))).toBe('two');
  });

  it('holds while several vaults on one folder and others catch up with the same log', async () => {
    const subjects = Array.from({ length: 300 }, (_, index) => `s${index}`);
    const [erasable, kept] = [subjects.slice(0, 150), subjects.slice(150)];
    const sealed = (await vault.seal(subjects.map((subjectId) => request(subjectId, subjectId)))).map((each) => {
      return { workspaceId: 'shop', boundTo: 'm-1', ...each };
    });
    const vaults = ['a', 'a', 'b', 'b', 'c'].map((name) => openVault(name));

    await Promise.all([
      ...vaults.map((each) => each.open(sealed)),
      vault.eraseSubjects('shop', erasable.slice(0, 75)),
      vaults[2]!.eraseSubjects('shop', erasable.slice(75)),
      ...vaults.map((each) => each.open(sealed)),
    ]);
    now += 60_000;

    for (const each of [vault, ...vaults, openVault('d')]) {
      const plain = await each.open(sealed);
      expect(plain.flatMap((text) => (text === undefined ? [] : [text.toString()]))).toEqual(kept);
    }
  });

  it('refuses to erase for another workspace', async () => {
    const sealed = await sealText(vault, 's1', 'one');

    await expect(vault.eraseSubjects('other', ['s1'])).rejects.toThrow('belongs to workspace shop');
    expect(await openText(vault, sealed)).toBe('one');
  });
});

describe('the local table', () => {
  it('is read again from the start when the log is not the one it reflects', async () => {
    const sealed = await sealText(vault, 's1', 'one');
    await sealText(vault, 's2', 'two');
    now += 60_000;
    await openText(vault, sealed);
    const otherLog = createLmdbEventLog({ folder: join(folder, 'other-log'), partitions: 2, clock: () => now });
    await otherLog.ensureTopics();
    await Promise.all(opened.splice(0).map((each) => each.close()));

    const moved = openVault('a', { eventLog: otherLog });

    expect(await openText(moved, sealed)).toBeUndefined();
    expect(await openText(moved, await sealText(moved, 's1', 'again'))).toBe('again');
    await Promise.all(opened.splice(0).map((each) => each.close()));
    await otherLog.close();
  });

  it('may be deleted: the log has everything', async () => {
    const sealed = await sealText(vault, 's1', 'one');
    await Promise.all(opened.splice(0).map((each) => each.close()));
    await rm(join(folder, 'a'), { recursive: true });

    expect(await openText(openVault('a'), sealed)).toBe('one');
  });
});

describe('when the log is away', () => {
  it('what is in memory still opens and seals; nothing is taken for erased', async () => {
    const reader = openVault('b');
    const known = await sealText(vault, 's1', 'one');
    const unknown = await sealText(vault, 's2', 'two');
    await openText(reader, known);
    const [bounds, append] = [eventLog.bounds, eventLog.append];
    const away = () => Promise.reject(new EventLogUnavailableError('the log is away'));
    Object.assign(eventLog, { bounds: away, append: away });

    expect(await openText(reader, known)).toBe('one');
    expect((await sealText(reader, 's1', 'more')).keyId).toBe(known.keyId);
    await expect(openText(reader, unknown)).resolves.toBe('two');
    await expect(openText(openVault('c'), known)).rejects.toThrow(EventLogUnavailableError);
    await expect(sealText(reader, 's3', 'three')).rejects.toThrow(EventLogUnavailableError);
    now += 60_000;
    await expect(openText(reader, known)).rejects.toThrow(EventLogUnavailableError);

    Object.assign(eventLog, { bounds, append });
    expect(await openText(reader, known)).toBe('one');
    expect(await openText(reader, await sealText(reader, 's3', 'three'))).toBe('three');
  });
});

describe('touchpoints', () => {
  const content: TouchpointContent = { userId: 'ada', properties: { total: 12.5 } };

  it('open with their content, parsed once for all who ask', async () => {
    const touchpoint = asRead(await sealText(vault, 's1', JSON.stringify(content)));
    const copy = asRead({ ...touchpoint, boundTo: 'm-1', bytes: Buffer.from(touchpoint.content) });

    const [first, second] = await vault.openTouchpoints([touchpoint, copy]);

    expect(first).toEqual({ ...touchpoint, content });
    expect(second?.content).toBe(first?.content);
  });

  it('of the same messageId but other content stay apart', async () => {
    const first = asRead(await sealText(vault, 's1', '{"userId":"ada"}'));
    const second = asRead(await sealText(vault, 's1', '{"userId":"eve"}'));

    const contents = (await vault.openTouchpoints([first, second])).map((touchpoint) => touchpoint.content);

    expect(contents).toEqual([{ userId: 'ada' }, { userId: 'eve' }]);
  });

  it('that were moved to another record do not open, though their content was opened before', async () => {
    const sealed = await sealText(vault, 's1', JSON.stringify(content));
    await vault.openTouchpoints([asRead(sealed)]);

    const moved = asRead(sealed, { messageId: 'm-2' });

    await expect(vault.openTouchpoints([moved])).rejects.toThrow(SealBrokenError);
  });

  it('of an erased subject keep their envelope and have no content', async () => {
    const touchpoint = asRead(await sealText(vault, 's1', JSON.stringify(content)));
    await vault.openTouchpoints([touchpoint]);
    await vault.eraseSubjects('shop', ['s1']);

    expect(await vault.openTouchpoints([touchpoint])).toEqual([{ ...touchpoint, content: undefined }]);
  });

  it.each([
    ['plain', '{"properties":{"__proto__":{"admin":true},"total":1}}'],
    ['escaped', '{"properties":{"\\u005f_pr\\u006fto__":{"admin":true},"total":1}}'],
    ['by way of the constructor', '{"properties":{"constructor":{"prototype":{"admin":true}},"total":1}}'],
  ])('cannot bring a prototype along, %s', async (_name, text) => {
    const sealed = await sealText(vault, 's1', text);

    const [opening] = await vault.openContent([sealed]);

    expect(opening).toEqual({ properties: { total: 1 } });
    expect(Object.keys(opening!.properties!)).toEqual(['total']);
  });
});
