import { openPostgresShadow, rebuild, type Platform, type StatefulConsumer } from '@rapport/runtime';
import { Identities, runUntilCaughtUp, startTestPlatform, type TestPlatform } from '@rapport/testing';
import { profileConsumer } from './index.js';
import { ProfileTables, uuid, type TouchpointOfProfile } from './testing/profile-tables.js';

let test: TestPlatform;
let platform: Platform;
let consumer: StatefulConsumer;
let tables: ProfileTables;

beforeAll(async () => {
  test = await startTestPlatform();
  platform = test.platform;
  consumer = await profileConsumer(platform);
  tables = new ProfileTables(platform);
});
afterAll(() => test.stop());

const identities = new Identities('default');
const merged = (mergedId: string, survivorId: string) => identities.merged(survivorId, mergedId);
const names = ['profiles', 'parts', 'orders', 'order_parts', 'consent_history', 'search_keys', 'accounts'].map(
  (name) => `profile.${name}`,
);
const consentsTold = async () => (await platform.eventLog.bounds('consents')).reduce((sum, { high }) => sum + high, 0);

it.each([1, 7, 2_000])('is rebuilt from the log to the same bytes, %i records at a time', async (maxBatchRecords) => {
  await appendHistory(maxBatchRecords);
  await runUntilCaughtUp(consumer, platform);
  const live = await tables.digestOf(names);
  const consents = await consentsTold();

  const options = { name: 'profile', consumer: profileConsumer, openShadow: openPostgresShadow } as const;
  await rebuild(platform, { ...options, maxBatchRecords });

  expect(await tables.digestOf(names)).toBe(live);
  expect(await consentsTold()).toBe(consents);
});

it('a rebuild is refused while another one is under way, and possible afterwards', async () => {
  const options = { name: 'profile', consumer: profileConsumer, openShadow: openPostgresShadow } as const;
  let second: Promise<unknown> | undefined;
  const onProgress = () => void (second ??= rebuild(platform, options).catch((error: unknown) => error));
  await rebuild(platform, { ...options, maxBatchRecords: 10, onProgress });

  expect(await second).toMatchObject({ message: expect.stringContaining('Another replay of profile') as string });
  expect((await rebuild(platform, options)).records).toBeGreaterThan(0);
});

/** Chains of merges, and splits, among facts of all kinds, some of them before and some after the people they merge are known. */
async function appendHistory(round: number): Promise<void> {
  const people = Array.from({ length: 12 }, (_, i) => uuid(`${round.toString(36)}-${i}`));
  const touchpoints = people.flatMap((of, i) =>
    Array.from({ length: 6 }, (_, n): TouchpointOfProfile => {
      const timestamp = ((i * 7 + n * 5) % 11) * 1_000;
      const who = { of, anonymousId: `${round}-device-${i}`, timestamp };
      if (n % 3 === 0) return { ...who, type: 'identify', traits: { [`t${n % 2}`]: `${i}-${n}` } };
      if (n % 3 === 1) return { ...who, event: 'Unsubscribed' };
      return { ...who, event: 'Order Completed', properties: { order_id: `${round}-${i % 4}`, total: n + i / 10 } };
    }),
  );
  await tables.appendOf(touchpoints.slice(0, 40));
  await tables.append(
    'profiles-merged',
    people.slice(2, 8).map((id, i) => merged(id, people[i] ?? '')),
  );
  await runUntilCaughtUp(consumer, platform);
  await tables.append('profiles-merged', [
    merged(people[9] ?? '', people[8] ?? ''),
    merged(people[0] ?? '', people[8] ?? ''),
  ]);
  await tables.append('profiles-split', [
    identities.split([people[4] ?? '', people[8] ?? '']),
    identities.split([people[5] ?? '']),
  ]);
  await tables.appendOf(touchpoints.slice(40));
}
