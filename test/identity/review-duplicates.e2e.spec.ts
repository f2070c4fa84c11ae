import { profileConsumer } from '@rapport/service-profile';
import { resolveConsumer } from '@rapport/service-resolve';
import {
  appendTouchpoints,
  eventually,
  eventsOf,
  startServing,
  startTestPlatform,
  type Serving,
  type TestPlatform,
} from '@rapport/testing';
import { loadDuplicateRules, QueryModule, searchDuplicates, type DuplicatesDto } from '@rapport/service-query';
import { generatePopulation } from '../bench/src/population.js';

let test: TestPlatform;
let serving: Serving;
let url: string;
const { records, truth } = generatePopulation(300);

beforeAll(async () => {
  test = await startTestPlatform();
  const { platform } = test;
  serving = await startServing(platform, [QueryModule], [resolveConsumer(platform), await profileConsumer(platform)]);
  url = serving.url;
  // Without email and phone, which would join them for certain.
  const people = records.map(({ id, values: { email: _email, phone: _phone, ...traits } }) => ({
    ...{ userId: id, type: 'identify' as const },
    traits: Object.fromEntries(Object.entries(traits).filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >,
  }));
  await appendTouchpoints(platform, people);
  await serving.caughtUp();
  expect(await peopleCount()).toBe(records.length);
});
afterAll(async () => {
  await serving.stop();
  await test.stop();
});

const headers = () => ({ authorization: `Bearer ${test.config.secrets.apiKey}` });
const profileOf = (identifier: string) => fetch(`${url}/v1/profiles/${identifier}`, { headers: headers() });
const idOf = async (identifier: string) =>
  ((await (await profileOf(identifier)).json()) as { profileId: string }).profileId;
const peopleCount = async () => {
  const { rows } = await test.platform.postgres.query('SELECT 1 FROM profile.profiles WHERE survivor_id IS NULL');
  return rows.length;
};
const list = async () =>
  (await (await fetch(`${url}/v1/duplicates?limit=1000`, { headers: headers() })).json()) as DuplicatesDto;
const review = (id: string, verdict: string) =>
  fetch(`${url}/v1/duplicates/${id}/${verdict}`, { method: 'POST', headers: headers() });
const search = async () => {
  const rules = await loadDuplicateRules(test.config);
  return searchDuplicates(test.platform, 'default', rules);
};
const namesIn = ({ profileIds }: DuplicatesDto['suggestions'][number]) => [...profileIds].sort().join();

describe('duplicates', () => {
  it('are not known before anybody searched', async () => {
    expect(await list()).toEqual({ searchedAt: null, profiles: 0, neededBits: 0, suggestions: [] });
  });

  it('are suggested with their evidence, and almost always rightly; nobody is merged', async () => {
    const found = await search();
    expect(found.profiles).toBeGreaterThan(200);
    const { suggestions } = await list();
    expect(suggestions.length).toBe(found.suggestions);
    expect(suggestions.length).toBeGreaterThan(10);
    const people = new Map<string, string>();
    for (const { id } of records) people.set(await idOf(id), truth.get(id)!);
    const right = suggestions.filter(({ profileIds: [one, other] }) => people.get(one) === people.get(other));
    expect(right.length / suggestions.length).toBeGreaterThan(0.9);
    expect(suggestions[0]!.evidence[0]!.bits).toBeGreaterThan(0);
    const { traits } = (await (await profileOf(suggestions[0]!.profileIds[0])).json()) as { traits: object };
    for (const { values } of suggestions[0]!.evidence) expect([...Object.values(traits), null]).toContain(values[0]);
    expect(await peopleCount()).toBe(records.length);
  });

  it('become one person when accepted, by a decision on the log', async () => {
    const [first] = (await list()).suggestions;
    expect((await review(first!.id, 'accepted')).status).toBe(202);
    await eventually(async () => {
      const profiles = await Promise.all(first!.profileIds.map(idOf));
      expect(new Set(profiles).size).toBe(1);
    });
    const decisions = await eventsOf(test.platform, 'identity-decisions', 'identity-decided');
    expect(decisions.map(({ value }) => value)).toMatchObject([{ kind: 'link', reason: 'duplicate-accepted' }]);
    expect((await list()).suggestions.map(namesIn)).not.toContain(namesIn(first!));
  });

  it('of a group are all suggested, and those that are left stay listed when one of them was accepted', async () => {
    const { suggestions } = await list();
    const partnersOf = (id: string) =>
      suggestions.flatMap(({ profileIds: [one, other] }) => (one === id ? [other] : other === id ? [one] : []));
    const inGroup = suggestions.find(({ profileIds: [one] }) => partnersOf(one).length > 1)!;
    const [one, other] = inGroup.profileIds;
    const [third] = partnersOf(one).filter((id) => id !== other);
    expect(partnersOf(other)).toContain(third);
    expect((await review(inGroup.id, 'accepted')).status).toBe(202);
    await eventually(async () => expect(await idOf(one)).toBe(await idOf(other)));
    const left = (await list()).suggestions.filter(({ profileIds }) => profileIds.includes(third!));
    expect(left.flatMap(({ profileIds }) => profileIds)).toContain(await idOf(one));
  });

  it('never come again when refused', async () => {
    const [first] = (await list()).suggestions;
    expect((await review(first!.id, 'refused')).status).toBe(202);
    await eventually(async () => {
      await search();
      expect((await list()).suggestions.map(namesIn)).not.toContain(namesIn(first!));
    });
    expect(new Set(await Promise.all(first!.profileIds.map(idOf))).size).toBe(2);
  });

  it('that are not there cannot be reviewed', async () => {
    expect((await review('00000000-0000-4000-8000-000000000000', 'accepted')).status).toBe(404);
    expect((await review('nonsense', 'accepted')).status).toBe(400);
  });
});
