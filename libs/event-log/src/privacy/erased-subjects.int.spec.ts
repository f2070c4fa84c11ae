import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createLmdbEventLog } from '../index.js';
import { request, VaultFixture } from './testing/vault-fixture.js';

let fixture: VaultFixture;

beforeEach(async () => {
  fixture = await VaultFixture.start();
});
afterEach(() => fixture.stop());

describe('erasure', () => {
  it('leaves nothing to open in this process, at once', async () => {
    const sealed = await fixture.sealText(fixture.vault, 's1', '{"userId":"ada"}');
    await fixture.vault.openContent([sealed]);

    expect(await fixture.vault.eraseSubjects('shop', ['s1', 's1', 'nobody'])).toBe(1);

    expect(await fixture.vault.open([sealed])).toEqual([undefined]);
    expect(await fixture.vault.openContent([sealed])).toEqual([undefined]);
  });

  it('leaves other subjects alone', async () => {
    const [erased, kept] = [
      await fixture.sealText(fixture.vault, 's1', 'one'),
      await fixture.sealText(fixture.vault, 's2', 'two'),
    ];
    await fixture.vault.eraseSubjects('shop', ['s1']);

    expect((await fixture.vault.open([erased, kept])).map((plain) => plain?.toString())).toEqual([undefined, 'two']);
  });

  it('reaches another process within 60 seconds', async () => {
    const other = fixture.openVault('b');
    const sealed = await fixture.sealText(fixture.vault, 's1', 'one');
    await fixture.openText(other, sealed);
    await fixture.vault.eraseSubjects('shop', ['s1']);
    fixture.now += 60_000;

    expect(await fixture.openText(other, sealed)).toBeUndefined();
  });

  it('tombstones every key of the subject', async () => {
    const other = fixture.openVault('b');
    const sealed = await Promise.all([fixture.sealText(fixture.vault, 's1', 'a'), fixture.sealText(other, 's1', 'b')]);

    expect(await fixture.vault.eraseSubjects('shop', ['s1'])).toBe(new Set(sealed.map(({ keyId }) => keyId)).size);

    expect(await fixture.vault.open(sealed)).toEqual([undefined, undefined]);
  });

  it('gives a subject that comes back a new key; the old content stays closed', async () => {
    const before = await fixture.sealText(fixture.vault, 's1', 'before');
    await fixture.vault.eraseSubjects('shop', ['s1']);

    const after = await fixture.sealText(fixture.vault, 's1', 'after');

    expect(after.keyId).not.toBe(before.keyId);
    expect(await fixture.openText(fixture.openVault('b'), after)).toBe('after');
    expect(await fixture.openText(fixture.openVault('b'), before)).toBeUndefined();
  });

  it('is not undone by a table that missed the tombstone for half a day', async () => {
    const other = fixture.openVault('b');
    const sealed = await fixture.sealText(fixture.vault, 's1', 'one');
    await fixture.openText(other, sealed);
    await fixture.vault.eraseSubjects('shop', ['s1']);
    fixture.now += 13 * 60 * 60 * 1000;

    expect(await fixture.openText(other, sealed)).toBeUndefined();
    expect(await fixture.openText(other, await fixture.sealText(fixture.vault, 's2', 'two'))).toBe('two');
  });

  it('holds while several vaults on one folder and others catch up with the same log', async () => {
    const subjects = Array.from({ length: 300 }, (_, index) => `s${index}`);
    const [erasable, kept] = [subjects.slice(0, 150), subjects.slice(150)];
    const sealed = (await fixture.vault.seal(subjects.map((subjectId) => request(subjectId, subjectId)))).map(
      (each) => {
        return { workspaceId: 'shop', boundTo: 'm-1', ...each };
      },
    );
    const vaults = ['a', 'a', 'b', 'b', 'c'].map((name) => fixture.openVault(name));

    await Promise.all([
      ...vaults.map((each) => each.open(sealed)),
      fixture.vault.eraseSubjects('shop', erasable.slice(0, 75)),
      vaults[2]!.eraseSubjects('shop', erasable.slice(75)),
      ...vaults.map((each) => each.open(sealed)),
    ]);
    fixture.now += 60_000;

    for (const each of [fixture.vault, ...vaults, fixture.openVault('d')]) {
      const plain = await each.open(sealed);
      expect(plain.flatMap((text) => (text === undefined ? [] : [text.toString()]))).toEqual(kept);
    }
  });

  it('refuses to erase for another workspace', async () => {
    const sealed = await fixture.sealText(fixture.vault, 's1', 'one');

    await expect(fixture.vault.eraseSubjects('other', ['s1'])).rejects.toThrow('belongs to workspace shop');
    expect(await fixture.openText(fixture.vault, sealed)).toBe('one');
  });
});

describe('the local table', () => {
  it('is read again from the start when the log is not the one it reflects', async () => {
    const sealed = await fixture.sealText(fixture.vault, 's1', 'one');
    await fixture.sealText(fixture.vault, 's2', 'two');
    fixture.now += 60_000;
    await fixture.openText(fixture.vault, sealed);
    const otherLog = createLmdbEventLog({
      folder: join(fixture.folder, 'other-log'),
      partitions: 2,
      clock: () => fixture.now,
    });
    await otherLog.ensureTopics();
    await Promise.all(fixture.opened.splice(0).map((each) => each.close()));

    const moved = fixture.openVault('a', { eventLog: otherLog });

    expect(await fixture.openText(moved, sealed)).toBeUndefined();
    expect(await fixture.openText(moved, await fixture.sealText(moved, 's1', 'again'))).toBe('again');
    await Promise.all(fixture.opened.splice(0).map((each) => each.close()));
    await otherLog.close();
  });

  it('may be deleted: the log has everything', async () => {
    const sealed = await fixture.sealText(fixture.vault, 's1', 'one');
    await Promise.all(fixture.opened.splice(0).map((each) => each.close()));
    await rm(join(fixture.folder, 'a'), { recursive: true });

    expect(await fixture.openText(fixture.openVault('a'), sealed)).toBe('one');
  });
});
