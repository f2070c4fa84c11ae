import { randomBytes } from 'node:crypto';
import type { ProfileTouchpoint, TouchpointContent } from '@rapport/events';
import { EventLogUnavailableError, SealBrokenError } from '../index.js';
import { codec, request, VaultFixture, type Sealed } from './testing/vault-fixture.js';

let fixture: VaultFixture;

beforeEach(async () => {
  fixture = await VaultFixture.start();
});
afterEach(() => fixture.stop());

function asRead(sealed: Sealed, more: Partial<ProfileTouchpoint> = {}) {
  const touchpoint: ProfileTouchpoint = {
    workspaceId: 'shop',
    sourceId: 'web',
    messageId: sealed.boundTo,
    type: 'track',
    event: 'Order Completed',
    subjectId: sealed.subjectId,
    keyId: sealed.keyId,
    timestamp: fixture.now,
    originalTimestamp: null,
    sentAt: null,
    receivedAt: fixture.now,
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
    expect(fixture.vault.hash('shop', 'userId', 'ada')).toBe(fixture.openVault('b').hash('shop', 'userId', 'ada'));
    expect(fixture.vault.hash('shop', 'userId', 'ada')).toMatch(/^[\w-]{22}$/);
  });

  it.each([
    ['another workspace', 'other', 'userId', 'ada'],
    ['another type', 'shop', 'anonymousId', 'ada'],
    ['another value', 'shop', 'userId', 'Ada'],
    ['parts cut elsewhere', 'sho', 'puserId', 'ada'],
    ['parts cut elsewhere, too', 'shop', 'userIda', 'da'],
  ])('differs for %s', (_name, workspaceId, type, value) => {
    expect(fixture.vault.hash(workspaceId, type, value)).not.toBe(fixture.vault.hash('shop', 'userId', 'ada'));
  });

  it('differs under another key', () => {
    const other = fixture.openVault('b', { hashKey: randomBytes(32) });

    expect(other.hash('shop', 'userId', 'ada')).not.toBe(fixture.vault.hash('shop', 'userId', 'ada'));
  });
});

describe('sealAtOnce', () => {
  it('seals with the key that is in memory, and another process opens it', async () => {
    const before = await fixture.sealText(fixture.vault, 's1', 'one');

    const sealed = fixture.vault.sealAtOnce([request('s1', 'two')])!;

    expect(sealed.map(({ keyId }) => keyId)).toEqual([before.keyId]);
    const opened = await fixture.openText(fixture.openVault('b'), {
      workspaceId: 'shop',
      boundTo: 'm-1',
      ...sealed[0]!,
    });
    expect(opened).toBe('two');
  });

  it('gives nothing, and puts nothing on the log, where one of the people is new', async () => {
    await fixture.sealText(fixture.vault, 's1', 'one');

    expect(fixture.vault.sealAtOnce([request('s1', 'two'), request('s2', 'three')])).toBeUndefined();

    expect(await fixture.subjectKeysOnLog()).toHaveLength(1);
  });

  it('gives nothing once the log has to be asked about the key again', async () => {
    await fixture.sealText(fixture.vault, 's1', 'one');
    fixture.now += 60_000;

    expect(fixture.vault.sealAtOnce([request('s1', 'two')])).toBeUndefined();
  });

  it('gives nothing after the person was erased', async () => {
    await fixture.sealText(fixture.vault, 's1', 'one');
    await fixture.vault.eraseSubjects('shop', ['s1']);

    expect(fixture.vault.sealAtOnce([request('s1', 'two')])).toBeUndefined();
  });

  it('refuses a subject of another workspace', async () => {
    await fixture.sealText(fixture.vault, 's1', 'one');

    expect(() => fixture.vault.sealAtOnce([request('s1', 'two', 'm-1', 'other')])).toThrow(/belongs to workspace shop/);
  });
});

describe('seal and open', () => {
  it('give back what was sealed, in the order asked', async () => {
    const sealed = await fixture.vault.seal([request('s1', 'one'), request('s2', 'two'), request('s1', 'three')]);

    const plain = await fixture.vault.open(sealed.map((each) => ({ workspaceId: 'shop', boundTo: 'm-1', ...each })));

    expect(plain.map(String)).toEqual(['one', 'two', 'three']);
  });

  it('put keys on the log, and nothing of the content', async () => {
    const sealed = await fixture.sealText(fixture.vault, 's1', 'ada@example.com');

    const records = await fixture.subjectKeysOnLog();
    expect(records.map(({ key }) => key)).toEqual([`s1/${sealed.keyId}`]);
    expect(Buffer.concat(records.map(({ value }) => value!)).includes('ada')).toBe(false);
    expect(sealed.bytes.includes('ada')).toBe(false);
    expect(sealed.bytes).toHaveLength(12 + 'ada@example.com'.length + 16);
  });

  it('use one key per subject, however many seal at the same time', async () => {
    const sealed = await Promise.all(
      Array.from({ length: 20 }, () => fixture.vault.seal([request('s1', 'x'), request('s2', 'y')])),
    );

    expect(new Set(sealed.flat().map(({ keyId }) => keyId)).size).toBe(2);
    expect(await fixture.subjectKeysOnLog()).toHaveLength(2);
  });

  it('go on with the same key in another process and after a restart', async () => {
    const first = await fixture.sealText(fixture.vault, 's1', 'one');
    await fixture.vault.close();
    fixture.opened = [];

    const second = await fixture.sealText(fixture.openVault('a'), 's1', 'two');
    const third = await fixture.sealText(fixture.openVault('b'), 's1', 'three');

    expect([second.keyId, third.keyId]).toEqual([first.keyId, first.keyId]);
  });

  it('go on with the same key when memory holds fewer subjects than there are', async () => {
    const small = fixture.openVault('small', { maxResidentSubjects: 2 });
    const subjects = Array.from({ length: 10 }, (_, index) => `s${index}`);
    const sealed = await small.seal(subjects.map((subjectId) => request(subjectId, subjectId)));
    fixture.now += 10_000;

    const again = await small.seal(subjects.map((subjectId) => request(subjectId, subjectId)));

    expect(again.map(({ keyId }) => keyId)).toEqual(sealed.map(({ keyId }) => keyId));
    const plain = await small.open(sealed.map((each) => ({ workspaceId: 'shop', boundTo: 'm-1', ...each })));
    expect(plain.map(String)).toEqual(subjects);
  });

  it('open in another process what was sealed a moment ago', async () => {
    const reader = fixture.openVault('b');
    await fixture.openText(reader, await fixture.sealText(fixture.vault, 's1', 'one'));

    expect(await fixture.openText(reader, await fixture.sealText(fixture.vault, 's2', 'two'))).toBe('two');
  });

  it('open what two processes sealed that did not know of each other’s key', async () => {
    const other = fixture.openVault('b');
    const [a, b] = await Promise.all([fixture.sealText(fixture.vault, 's1', 'a'), fixture.sealText(other, 's1', 'b')]);

    expect([await fixture.openText(other, a), await fixture.openText(fixture.vault, b)]).toEqual(['a', 'b']);
  });

  it('share a folder between two vaults', async () => {
    const first = await fixture.sealText(fixture.vault, 's1', 'one');
    const other = fixture.openVault('a');

    expect(await fixture.openText(other, first)).toBe('one');
    expect((await fixture.sealText(other, 's1', 'two')).keyId).toBe(first.keyId);
  });

  it('refuse a subject id of another workspace', async () => {
    const sealed = await fixture.sealText(fixture.vault, 's1', 'one');

    await expect(fixture.vault.open([{ ...sealed, workspaceId: 'other' }])).rejects.toThrow(
      'belongs to workspace shop',
    );
  });

  it.each([
    ['another record', { boundTo: 'm-2' }],
    ['changed bytes', { bytes: Buffer.alloc(40) }],
    ['too few bytes', { bytes: Buffer.alloc(10) }],
  ])('refuse %s, naming which it was', async (_name, change) => {
    const sealed = await fixture.sealText(fixture.vault, 's1', 'one');

    const opening = fixture.vault.open([sealed, { ...sealed, ...change }]);

    await expect(opening).rejects.toThrow(SealBrokenError);
    await expect(opening).rejects.toMatchObject({ index: 1 });
  });

  it('refuse every flip of a bit', async () => {
    const sealed = await fixture.sealText(fixture.vault, 's1', 'ada');

    for (let bit = 0; bit < sealed.bytes.length * 8; bit += 1) {
      const bytes = Buffer.from(sealed.bytes);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      await expect(fixture.vault.open([{ ...sealed, bytes }])).rejects.toThrow(SealBrokenError);
    }
  });

  it('skip a record on the topic that is no subject key', async () => {
    await fixture.eventLog.append([{ topic: 'subject-keys', key: 's1/poison', value: Buffer.from('poison') }]);

    const sealed = await fixture.sealText(fixture.vault, 's1', 'one');

    expect(await fixture.openText(fixture.openVault('b'), sealed)).toBe('one');
    expect(fixture.undecodable).toHaveLength(2);
  });
});

describe('when the log is away', () => {
  it('what is in memory still opens and seals; nothing is taken for erased', async () => {
    const reader = fixture.openVault('b');
    const known = await fixture.sealText(fixture.vault, 's1', 'one');
    const unknown = await fixture.sealText(fixture.vault, 's2', 'two');
    await fixture.openText(reader, known);
    const [bounds, append] = [fixture.eventLog.bounds, fixture.eventLog.append];
    const away = () => Promise.reject(new EventLogUnavailableError('the log is away'));
    Object.assign(fixture.eventLog, { bounds: away, append: away });

    expect(await fixture.openText(reader, known)).toBe('one');
    expect((await fixture.sealText(reader, 's1', 'more')).keyId).toBe(known.keyId);
    await expect(fixture.openText(reader, unknown)).resolves.toBe('two');
    await expect(fixture.openText(fixture.openVault('c'), known)).rejects.toThrow(EventLogUnavailableError);
    await expect(fixture.sealText(reader, 's3', 'three')).rejects.toThrow(EventLogUnavailableError);
    fixture.now += 60_000;
    await expect(fixture.openText(reader, known)).rejects.toThrow(EventLogUnavailableError);

    Object.assign(fixture.eventLog, { bounds, append });
    expect(await fixture.openText(reader, known)).toBe('one');
    expect(await fixture.openText(reader, await fixture.sealText(reader, 's3', 'three'))).toBe('three');
  });
});

describe('touchpoints', () => {
  const content: TouchpointContent = { userId: 'ada', properties: { total: 12.5 } };

  it('open with their content, parsed once for all who ask', async () => {
    const touchpoint = asRead(await fixture.sealText(fixture.vault, 's1', JSON.stringify(content)));
    const copy = asRead({ ...touchpoint, boundTo: 'm-1', bytes: Buffer.from(touchpoint.content) });

    const [first, second] = await fixture.vault.openTouchpoints([touchpoint, copy]);

    expect(first).toEqual({ ...touchpoint, content });
    expect(second?.content).toBe(first?.content);
  });

  it('of the same messageId but other content stay apart', async () => {
    const first = asRead(await fixture.sealText(fixture.vault, 's1', '{"userId":"ada"}'));
    const second = asRead(await fixture.sealText(fixture.vault, 's1', '{"userId":"eve"}'));

    const contents = (await fixture.vault.openTouchpoints([first, second])).map((touchpoint) => touchpoint.content);

    expect(contents).toEqual([{ userId: 'ada' }, { userId: 'eve' }]);
  });

  it('that were moved to another record do not open, though their content was opened before', async () => {
    const sealed = await fixture.sealText(fixture.vault, 's1', JSON.stringify(content));
    await fixture.vault.openTouchpoints([asRead(sealed)]);

    const moved = asRead(sealed, { messageId: 'm-2' });

    await expect(fixture.vault.openTouchpoints([moved])).rejects.toThrow(SealBrokenError);
  });

  it('open one by one as they do together, and none of an erased subject', async () => {
    const known = asRead(await fixture.sealText(fixture.vault, 's1', JSON.stringify(content)));
    const gone = asRead(await fixture.sealText(fixture.vault, 's2', JSON.stringify(content)));
    await fixture.vault.eraseSubjects('shop', ['s2']);

    const readers = await fixture.vault.readersOf([gone, known]);

    expect(readers.map((read) => read?.())).toEqual([undefined, { ...known, content }]);
    expect((await fixture.vault.openTouchpoints([known]))[0]?.content).toBe(readers[1]?.().content);
  });

  it('that were moved to another record do not open one by one either', async () => {
    const sealed = await fixture.sealText(fixture.vault, 's1', JSON.stringify(content));

    const [read] = await fixture.vault.readersOf([asRead(sealed, { messageId: 'm-2' })]);

    expect(() => read?.()).toThrow(SealBrokenError);
  });

  it('are let go where nobody else reads them', async () => {
    const vault = fixture.openVault('alone', { hasSeveralReaders: false });
    const touchpoint = asRead(await fixture.sealText(vault, 's1', JSON.stringify(content)));

    const [first] = await vault.openTouchpoints([touchpoint]);
    const [second] = await vault.openTouchpoints([touchpoint]);

    expect(second).toEqual({ ...touchpoint, content });
    expect(second?.content).not.toBe(first?.content);
  });

  it('of an erased subject keep their envelope and have no content', async () => {
    const touchpoint = asRead(await fixture.sealText(fixture.vault, 's1', JSON.stringify(content)));
    await fixture.vault.openTouchpoints([touchpoint]);
    await fixture.vault.eraseSubjects('shop', ['s1']);

    expect(await fixture.vault.openTouchpoints([touchpoint])).toEqual([{ ...touchpoint, content: undefined }]);
  });

  it.each([
    ['plain', '{"properties":{"__proto__":{"admin":true},"total":1}}'],
    ['escaped', '{"properties":{"\\u005f_pr\\u006fto__":{"admin":true},"total":1}}'],
    ['by way of the constructor', '{"properties":{"constructor":{"prototype":{"admin":true}},"total":1}}'],
  ])('cannot bring a prototype along, %s', async (_name, text) => {
    const sealed = await fixture.sealText(fixture.vault, 's1', text);

    const [opening] = await fixture.vault.openContent([sealed]);

    expect(opening).toEqual({ properties: { total: 1 } });
    expect(Object.keys(opening!.properties!)).toEqual(['total']);
  });
});
