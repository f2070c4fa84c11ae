import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadProfileRules } from './profile-rules.js';

const root = resolve(import.meta.dirname, '../../../..');
const files = {
  shipped: join(root, 'deploy/definitions'),
  schemas: join(root, 'schemas'),
};

describe('the definitions of the profile', () => {
  let definitionsDir: string;
  beforeEach(() => {
    definitionsDir = mkdtempSync(join(tmpdir(), 'rapport-definitions-'));
    cpSync(join(files.shipped, 'sources'), join(definitionsDir, 'sources'), { recursive: true });
    mkdirSync(join(definitionsDir, 'profile'));
  });
  afterEach(() => rmSync(definitionsDir, { recursive: true }));

  const load = (yaml: string, other?: string) => {
    writeFileSync(join(definitionsDir, 'profile/a.yaml'), yaml);
    if (other !== undefined) writeFileSync(join(definitionsDir, 'profile/b.yaml'), other);
    return loadProfileRules({ definitionsDir, schemasDir: files.schemas, secrets: { writeKey: 'spec-write-key' } });
  };

  it('of several files are one', async () => {
    const rules = await load('traits: [{ name: plan, search: true }]', 'traits: [{ name: city }]');
    expect([...rules.traits.keys()]).toEqual(['plan', 'city']);
    expect([rules.searchable, rules.timeZoneOf('default')]).toEqual([['plan'], 'UTC']);
  });

  it.each([
    [
      'traits: [{ name: plan, conflict: newest }]',
      /a\.yaml:1:\d+ traits\[0\]\.conflict: is "newest"; use one of "latest"/,
    ],
    ['traits: [{ name: plan, conflict: source-priority }]', /"sources" is missing/],
    ['computed_traits: [{ name: a, function: sum, event: X }]', /computed_traits\[0\]: "property" is missing/],
    ['computed_traits: [{ name: a, function: count, window: 12 hours }]', /window/],
    ['computed_traits: [{ name: a, function: count, event: X, type: page }]', /event: is for track only/],
    ['computed_traits: [{ name: a, function: count, window: 3 days, search: true }]', /does not go with a window/],
    ['lifecycle: { stages: [{ id: a, because: b, when: { orders: { at_least: 21 } } }] }', /at_least/],
    [
      'lifecycle: { stages: [{ id: a, because: b, when: { all: [] } }, { id: a, because: b, when: { all: [] } }] }',
      /is a stage already/,
    ],
    ['colour: red', /colour: is not known/],
  ])('names what is wrong in %s', async (yaml, message) => {
    await expect(load(yaml)).rejects.toThrow(message);
  });

  it('may name a trait and a stage once, in whichever file', async () => {
    await expect(load('traits: [{ name: plan }]', 'traits: [{ name: plan }]')).rejects.toThrow(
      /b\.yaml:1:\d+ .*is given twice/,
    );
    const stages = 'lifecycle: { stages: [{ id: a, because: b, when: { all: [] } }] }';
    await expect(load(stages, stages)).rejects.toThrow(/stands in another file too/);
  });
});
