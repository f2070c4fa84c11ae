import { loadConfig, loadIdentityRules } from '@rapport/runtime';
import { temporaryFolder } from '@rapport/testing';
import { identifiersView } from './identifiers-view.js';
import type { ProfileRow } from './profile.store.js';

describe('the identifiers that came with a person', () => {
  const folder = temporaryFolder();
  const rules = loadIdentityRules(loadConfig({ RAPPORT_DATA_DIR: folder.path }));
  afterAll(() => folder.remove());

  /** Plain, so that a test can say what the graph holds. */
  const vault = { hash: (_: string, type: string, value: string) => `${type}=${value}` };
  const seen: ProfileRow['identifiers'] = {
    userId: [
      ['bob', 3],
      ['robert', 2],
    ],
    anonymousId: [
      ['phone', 3],
      ['laptop', 2],
      ['anonymous', 1],
    ],
  };
  const view = async (hashes: readonly string[] | null) =>
    identifiersView(seen, hashes, { vault, rules: await rules, workspaceId: 'shop' });

  it('are told apart by whose the graph says they are, in their order; a blocked one is nobody', async () => {
    expect(await view(['anonymousId=phone', 'userId=bob', 'userId=robert'])).toEqual({
      identifiers: { userId: ['bob', 'robert'], anonymousId: ['phone'] },
      quarantinedIdentifiers: { anonymousId: ['laptop'] },
    });
  });

  it('are not theirs by the same value of another type', async () => {
    expect(await view(['anonymousId=bob'])).toEqual({
      identifiers: {},
      quarantinedIdentifiers: { userId: ['bob', 'robert'], anonymousId: ['phone', 'laptop'] },
    });
  });

  it('are all taken for theirs where the graph does not know the person', async () => {
    expect(await view(null)).toEqual({
      identifiers: { userId: ['bob', 'robert'], anonymousId: ['phone', 'laptop', 'anonymous'] },
      quarantinedIdentifiers: {},
    });
  });
});
