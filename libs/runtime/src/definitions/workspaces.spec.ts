import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadWorkspaces } from './workspaces.js';

const schemasDir = resolve('schemas');
const secrets = { writeKey: 'key-of-the-installation' };

describe('workspaces', () => {
  let definitionsDir: string;

  beforeEach(async () => {
    definitionsDir = await mkdtemp(join(tmpdir(), 'workspaces-'));
    await cp('deploy/definitions/sources', join(definitionsDir, 'sources'), { recursive: true });
  });
  afterEach(() => rm(definitionsDir, { recursive: true }));

  const load = () => loadWorkspaces({ definitionsDir, schemasDir, secrets });

  it('of a fresh installation are one, whose source takes the installation’s write key', async () => {
    expect(await load()).toEqual([
      {
        id: 'default',
        name: 'Default workspace',
        timeZone: 'UTC',
        currency: 'EUR',
        sources: [
          {
            workspaceId: 'default',
            id: 'default',
            name: 'Default source',
            kind: 'mixed',
            writeKeys: ['key-of-the-installation'],
            trackingPlan: { violations: 'flag', unplanned: 'allow' },
          },
        ],
      },
    ]);
  });

  it('share no id and no write key, and live in a time zone that exists', async () => {
    const file = join(definitionsDir, 'sources', 'shop.yaml');
    const source = (id: string, key: string) => `  - { id: ${id}, name: S, kind: server, writeKeys: ['${key}'] }\n`;
    const head = 'workspace: default\nname: Shop\ntimeZone: Mars/Olympus\ncurrency: EUR\nsources:\n';
    await writeFile(file, head + source('a', 'key-of-the-installation') + source('a', 'another-key'));
    const error: unknown = await load().catch((reason: unknown) => reason);
    expect((error as Error).message.split('\n').sort()).toEqual([
      `${file}:1:12 workspace: is declared in another file too; rename one`,
      `${file}:3:11 timeZone: is no time zone; write an IANA name such as Europe/Berlin or UTC`,
      `${file}:6:49 sources[0].writeKeys[0]: is a key of another source too; give each source keys of its own`,
      `${file}:7:11 sources[1].id: is the id of another source too; rename one`,
    ]);
    expect((error as Error).message).not.toContain('key-of-the-installation');
  });

  it('must be declared: an empty folder is a fault that says so', async () => {
    await rm(join(definitionsDir, 'sources', 'default.yaml'));
    await expect(load()).rejects.toThrow('no workspace is declared');
  });
});
