import type { LogEvents } from '@rapport/events';
import { identifierOf } from '@rapport/identity';
import { runConsumer, type Platform } from '@rapport/runtime';
import { appendTouchpoints, eventually, startTestPlatform, type TestPlatform } from '@rapport/testing';
import { resolveConsumer } from './index.js';

let test: TestPlatform;
let platform: Platform;

beforeAll(async () => {
  test = await startTestPlatform();
  platform = test.platform;
});
afterAll(() => test.stop());

let workspace = 0;
const newWorkspace = () => `workspace-${(workspace += 1)}`;

const profileOf = (workspaceId: string, type: 'userId' | 'anonymousId', value: string) =>
  identifierOf(workspaceId, type, platform.vault.hash(workspaceId, type, value)).id;

async function emitted<N extends 'profile-touchpoint' | 'profiles-merged' | 'link-refused' | 'identifier-linked'>(
  name: N,
  workspaceId: string,
): Promise<LogEvents[N][]> {
  const topic = name === 'profile-touchpoint' ? 'profile-touchpoints' : 'identities';
  const values: LogEvents[N][] = [];
  for (const { partition } of await platform.eventLog.bounds(topic)) {
    for await (const records of platform.eventLog.read({ topic, partition, from: 0 })) {
      for (const { value } of records) {
        const event = value && platform.codec.decode(value);
        if (event && event.name === name && event.value.workspaceId === workspaceId) {
          values.push(event.value as LogEvents[N]);
        }
      }
    }
  }
  return values;
}

async function intakeOf(workspaceId: string) {
  const { rows } = await platform.postgres.query<Record<string, number>>(
    `SELECT sum(received)::int AS received, sum(resolved)::int AS resolved, sum(duplicates)::int AS duplicates,
            sum(conflicts)::int AS conflicts, sum(erased)::int AS erased
     FROM resolve.intake WHERE workspace_id = $1`,
    [workspaceId],
  );
  return rows[0];
}

async function resolvedBy(instances: readonly Platform[], workspaceId: string, received: number): Promise<void> {
  const running = await Promise.all(instances.map((instance) => runConsumer(resolveConsumer(instance), instance)));
  try {
    await eventually(async () => expect((await intakeOf(workspaceId))?.['received']).toBe(received));
  } finally {
    for (const each of running) await each.stop();
  }
}

describe('resolve', () => {
  it('re-emits a touchpoint, sealed as it came, under the profile of its person', async () => {
    const workspaceId = newWorkspace();
    const [sent] = await appendTouchpoints(platform, [{ workspaceId, userId: 'ada', event: 'Order Completed' }]);
    await resolvedBy([platform], workspaceId, 1);

    const [touchpoint] = await emitted('profile-touchpoint', workspaceId);
    const {
      profileId,
      loneProfileId,
      logOffset: _offset,
      logPartition: _partition,
      ...same
    } = touchpoint ?? ({} as never);
    expect(profileId).toBe(profileOf(workspaceId, 'userId', 'ada'));
    expect(loneProfileId).toBe(profileId);
    expect(same).toEqual(sent);
    const [opened] = await platform.vault.openTouchpoints(touchpoint ? [touchpoint] : []);
    expect(opened?.content?.userId).toBe('ada');
  });

  it('merges an anonymous person into the user they identify as, and later touchpoints follow', async () => {
    const workspaceId = newWorkspace();
    await appendTouchpoints(platform, [{ workspaceId, anonymousId: 'phone' }]);
    await resolvedBy([platform], workspaceId, 1);
    await appendTouchpoints(platform, [{ workspaceId, userId: 'ada', anonymousId: 'phone', type: 'identify' }]);
    await resolvedBy([platform], workspaceId, 2);
    await appendTouchpoints(platform, [{ workspaceId, anonymousId: 'phone', messageId: 'later' }]);
    await resolvedBy([platform], workspaceId, 3);

    const [anonymous, user] = [profileOf(workspaceId, 'anonymousId', 'phone'), profileOf(workspaceId, 'userId', 'ada')];
    const merges = await emitted('profiles-merged', workspaceId);
    expect(merges).toMatchObject([{ survivorId: user, mergedId: anonymous, reason: 'identified' }]);
    const touchpoints = await emitted('profile-touchpoint', workspaceId);
    expect(touchpoints.map(({ profileId }) => profileId).sort()).toEqual([anonymous, user, user].sort());
    expect(touchpoints.find(({ messageId }) => messageId === 'later')?.profileId).toBe(user);
  });

  it('keeps users apart who share a device, and says so once', async () => {
    const workspaceId = newWorkspace();
    await appendTouchpoints(platform, [{ workspaceId, userId: 'ada', anonymousId: 'shared', timestamp: 1 }]);
    await resolvedBy([platform], workspaceId, 1);
    for (const received of [2, 3, 4]) {
      await appendTouchpoints(platform, [{ workspaceId, userId: 'bob', anonymousId: 'shared', timestamp: received }]);
      await resolvedBy([platform], workspaceId, received);
    }
    expect(await emitted('link-refused', workspaceId)).toMatchObject([
      { profileId: profileOf(workspaceId, 'userId', 'bob'), reason: 'over-limit' },
    ]);
    expect(await emitted('profiles-merged', workspaceId)).toEqual([]);
  });

  it('drops and counts a message seen before: in a batch, across batches, and one with another content', async () => {
    const workspaceId = newWorkspace();
    const once = { workspaceId, userId: 'ada', messageId: 'm1', event: 'Viewed' };
    await appendTouchpoints(platform, [once, once, { ...once, event: 'Bought' }]);
    await resolvedBy([platform], workspaceId, 3);
    const thirtyDaysOn = { ...once, receivedAt: 1_700_000_000_000 + 30 * 86_400_000 };
    await appendTouchpoints(platform, [thirtyDaysOn, { ...once, messageId: 'm2' }]);
    await resolvedBy([platform], workspaceId, 5);

    expect(await emitted('profile-touchpoint', workspaceId)).toHaveLength(2);
    expect(await intakeOf(workspaceId)).toEqual({ received: 5, resolved: 2, duplicates: 3, conflicts: 1, erased: 0 });
  });

  it('takes the same messageId in two workspaces for two messages', async () => {
    const [one, two] = [newWorkspace(), newWorkspace()];
    await appendTouchpoints(platform, [
      { workspaceId: one, userId: 'ada', messageId: 'm' },
      { workspaceId: two, userId: 'ada', messageId: 'm' },
    ]);
    await resolvedBy([platform], one, 1);
    await resolvedBy([platform], two, 1);
    expect((await intakeOf(two))?.['resolved']).toBe(1);
  });

  it('gives what our own services say about a profile to its survivor', async () => {
    const workspaceId = newWorkspace();
    await appendTouchpoints(platform, [{ workspaceId, anonymousId: 'phone' }]);
    await resolvedBy([platform], workspaceId, 1);
    await appendTouchpoints(platform, [{ workspaceId, userId: 'ada', anonymousId: 'phone' }]);
    await resolvedBy([platform], workspaceId, 2);
    const merged = profileOf(workspaceId, 'anonymousId', 'phone');
    await appendTouchpoints(platform, [{ workspaceId, profileId: merged, event: 'Email Opened' }]);
    await resolvedBy([platform], workspaceId, 3);
    const touchpoints = await emitted('profile-touchpoint', workspaceId);
    expect(touchpoints.find(({ event }) => event === 'Email Opened')?.profileId).toBe(
      profileOf(workspaceId, 'userId', 'ada'),
    );
  });

  it('keeps a touchpoint that identifies nobody, as a person of its own', async () => {
    const workspaceId = newWorkspace();
    await appendTouchpoints(platform, [
      { workspaceId, userId: 'null', event: 'Order Completed' },
      { workspaceId, userId: 'NULL', event: 'Order Completed' },
    ]);
    await resolvedBy([platform], workspaceId, 2);
    const touchpoints = await emitted('profile-touchpoint', workspaceId);
    expect(new Set(touchpoints.map(({ profileId }) => profileId)).size).toBe(2);
    expect(await emitted('identifier-linked', workspaceId)).toEqual([]);
  });

  it('skips what an erased person left on the log', async () => {
    const workspaceId = newWorkspace();
    const [gone] = await appendTouchpoints(platform, [{ workspaceId, userId: 'gone' }]);
    await platform.vault.eraseSubjects(workspaceId, [gone?.subjectId ?? '']);
    await appendTouchpoints(platform, [{ workspaceId, userId: 'ada' }]);
    await resolvedBy([platform], workspaceId, 2);
    expect(await emitted('profile-touchpoint', workspaceId)).toHaveLength(1);
    expect(await intakeOf(workspaceId)).toMatchObject({ received: 2, resolved: 1, erased: 1 });
  });

  it('comes to one truth with two instances over different partitions', async () => {
    const workspaceId = newWorkspace();
    const people = Array.from({ length: 60 }, (_, i) => `person-${i}`);
    const touchpoints = people.flatMap((person) => [
      { workspaceId, anonymousId: `${person}-phone` },
      { workspaceId, userId: person },
      { workspaceId, userId: person, anonymousId: `${person}-phone` },
      { workspaceId, userId: person, anonymousId: `${person}-laptop` },
      { workspaceId, anonymousId: `${person}-laptop` },
      { workspaceId, type: 'alias' as const, userId: person, previousId: `${person}-old` },
      { workspaceId, userId: `${person}-old` },
    ]);
    for (let i = 0; i < touchpoints.length; i += 20) await appendTouchpoints(platform, touchpoints.slice(i, i + 20));
    await resolvedBy([test.another('one'), test.another('two')], workspaceId, touchpoints.length);

    const survivors = await survivorsFromTheLog(workspaceId);
    for (const person of people) {
      const ids = [`${person}-phone`, `${person}-laptop`].map((id) => profileOf(workspaceId, 'anonymousId', id));
      ids.push(...[person, `${person}-old`].map((id) => profileOf(workspaceId, 'userId', id)));
      const expected = [person, `${person}-old`].map((id) => profileOf(workspaceId, 'userId', id)).sort()[0];
      const touched = (await emitted('profile-touchpoint', workspaceId)).filter(({ profileId }) =>
        ids.includes(profileId),
      );
      expect(touched).toHaveLength(7);
      expect(new Set(touched.map(({ profileId }) => survivors(profileId)))).toEqual(new Set([expected]));
    }
  });
});

async function survivorsFromTheLog(workspaceId: string): Promise<(profileId: string) => string> {
  const survivors = new Map<string, string>();
  for (const { mergedId, survivorId } of await emitted('profiles-merged', workspaceId)) {
    expect(survivors.get(mergedId) ?? survivorId).toBe(survivorId);
    survivors.set(mergedId, survivorId);
  }
  const follow = (id: string): string => (survivors.has(id) ? follow(survivors.get(id) ?? '') : id);
  return follow;
}
