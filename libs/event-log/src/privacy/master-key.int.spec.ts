import { randomBytes } from 'node:crypto';
import { UnknownMasterKeyError, type EventLog } from '../index.js';
import { masterKey, request, VaultFixture } from './testing/vault-fixture.js';

let fixture: VaultFixture;

beforeEach(async () => {
  fixture = await VaultFixture.start();
});
afterEach(() => fixture.stop());

describe('the master key', () => {
  it('can be rotated: the older one still opens, the new one seals for new subjects', async () => {
    const sealed = await fixture.sealText(fixture.vault, 's1', 'one');
    const rotated = fixture.openVault('b', { masterKeys: { current: randomBytes(32), older: [masterKey] } });

    expect(await fixture.openText(rotated, sealed)).toBe('one');
    expect(await fixture.openText(rotated, await fixture.sealText(rotated, 's2', 'two'))).toBe('two');
  });

  it('is missed with a message that says what to do', async () => {
    const sealed = await fixture.sealText(fixture.vault, 's1', 'one');
    const wrong = fixture.openVault('b', { masterKeys: { current: randomBytes(32), older: [] } });

    await expect(wrong.open([sealed])).rejects.toThrow(UnknownMasterKeyError);
    await expect(wrong.open([sealed])).rejects.toThrow('Keep an old master key');
  });

  it('must have 32 bytes', () => {
    expect(() => fixture.openVault('b', { masterKeys: { current: randomBytes(16), older: [] } })).toThrow(
      '32 bytes, not 16',
    );
  });
});

describe('rotation of the master key', () => {
  const newKey = randomBytes(32);
  const rotated = (name: string) => fixture.openVault(name, { masterKeys: { current: newKey, older: [masterKey] } });
  const onlyNew = (name: string) => fixture.openVault(name, { masterKeys: { current: newKey, older: [] } });
  const sealMany = async (count: number) => {
    const sealed = await fixture.vault.seal(Array.from({ length: count }, (_, i) => request(`s-${i}`, `text ${i}`)));
    return sealed.map((each) => ({ workspaceId: 'shop', boundTo: 'm-1', ...each }));
  };

  it('wraps every key anew, once; afterwards the older master key is needed no more', async () => {
    const sealed = await sealMany(1_100);
    const seen: number[] = [];
    expect(await rotated('b').rotateMasterKey((done) => seen.push(done))).toEqual({ total: 1_100, rewrapped: 1_100 });
    expect(seen).toEqual([0, 500, 1_000, 1_100]);
    const after = onlyNew('c');
    expect(await Promise.all(sealed.map((each) => fixture.openText(after, each)))).toEqual(
      sealed.map((_, i) => `text ${i}`),
    );
    const onLog = (await fixture.subjectKeysOnLog()).length;
    expect(await rotated('d').rotateMasterKey()).toEqual({ total: 1_100, rewrapped: 0 });
    expect(await fixture.subjectKeysOnLog()).toHaveLength(onLog);
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
    const sealed = await fixture.sealText(fixture.vault, 'ada', 'secret');
    const rotating = rotated('b');
    await rotating.rotateMasterKey();
    const [record] = (await fixture.subjectKeysOnLog()).filter(({ value }) => value !== null).slice(-1);
    await fixture.vault.eraseSubjects('shop', ['ada']);
    // As it stands where the tombstone came between reading and wrapping.
    await fixture.eventLog.append([{ topic: 'subject-keys', key: record!.key, value: record!.value }]);
    expect(await fixture.openText(fixture.vault, sealed)).toBeUndefined();
    expect(await fixture.openText(onlyNew('c'), sealed)).toBeUndefined();
  });

  it('erases again what was erased between reading and wrapping', async () => {
    const sealed = await fixture.sealText(fixture.vault, 'ada', 'secret');
    const slow: EventLog = {
      ...fixture.eventLog,
      append: async (records) => {
        if (records.some(({ value }) => value !== null)) await fixture.vault.eraseSubjects('shop', ['ada']);
        return fixture.eventLog.append(records);
      },
    };
    await fixture
      .openVault('b', { eventLog: slow, masterKeys: { current: newKey, older: [masterKey] } })
      .rotateMasterKey();
    expect((await fixture.subjectKeysOnLog()).at(-1)?.value).toBeNull();
    expect(await fixture.openText(onlyNew('c'), sealed)).toBeUndefined();
  });

  it('is noticed by a vault that can read its master keys again, on opening and before it wraps', async () => {
    let keys = { current: masterKey, older: [] as Buffer[] };
    const running = fixture.openVault('b', { masterKeys: { ...keys, readAgain: () => keys } });
    const sealed = await fixture.sealText(fixture.vault, 'ada', 'text');
    keys = { current: newKey, older: [masterKey] };
    await rotated('c').rotateMasterKey();
    expect(await fixture.openText(running, sealed)).toBe('text');
    fixture.now += 2_000;
    await fixture.sealText(running, 'grace', 'text');
    expect([...(await rotated('d').keysByMasterKey()).values()]).toEqual([2]);
  });
});
