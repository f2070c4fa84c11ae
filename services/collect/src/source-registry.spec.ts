import type { Source, Workspace } from '@rapport/runtime';
import { createSourceRegistry } from './source-registry.js';

function source(id: string, ...writeKeys: string[]): Source {
  const trackingPlan = { violations: 'flag', unplanned: 'allow' } as const;
  return { workspaceId: 'shop', id, name: id, kind: 'server', writeKeys, trackingPlan };
}

const web = source('web', 'key-of-web', 'older-key-of-web');
const jitsu = source('jitsu', 'id-of-jitsu');
const shop: Workspace = { id: 'shop', name: 'Shop', timeZone: 'UTC', currency: 'EUR', sources: [web, jitsu] };
const find = createSourceRegistry([shop]);

describe('the source of a write key', () => {
  it('is found by each of its keys, however often it is asked for', () => {
    const asked = ['key-of-web', 'older-key-of-web', 'key-of-web', 'id-of-jitsu'].map(find);

    expect(asked).toEqual([web, web, web, jitsu]);
  });

  it('is found by id:secret where the id alone is declared', () => {
    expect(['id-of-jitsu:a', 'id-of-jitsu:b', 'id-of-jitsu:a'].map(find)).toEqual([jitsu, jitsu, jitsu]);
  });

  it('is not found by a key that is wrong, also after a right one', () => {
    find('key-of-web');

    expect(['', ':', 'key-of-we', 'key-of-web ', 'KEY-OF-WEB', ':key-of-web'].map(find)).toEqual(
      Array.from({ length: 6 }, () => undefined),
    );
  });
});
