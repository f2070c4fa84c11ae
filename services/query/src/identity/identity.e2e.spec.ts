import { analyzeConsumer } from '@rapport/service-analyze';
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
import { QueryModule } from '../index.js';
import type { ProfileDto } from '../profiles/profile.dto.js';
import type { IdentityGraphDto, LinkPreviewDto, QuarantinedLinkDto } from './identity.dto.js';

let test: TestPlatform;
let serving: Serving;
let url: string;

const day = 86_400_000;
const start = Date.UTC(2024, 4, 1);

beforeAll(async () => {
  test = await startTestPlatform();
  await test.startClickHouse();
  const { platform } = test;
  const consumers = [resolveConsumer(platform), await profileConsumer(platform), await analyzeConsumer(platform)];
  serving = await startServing(platform, [QueryModule], consumers);
  url = serving.url;
  await appendTouchpoints(test.platform, [
    { anonymousId: 'laptop', type: 'page', timestamp: start },
    {
      userId: 'ada',
      anonymousId: 'laptop',
      type: 'identify',
      timestamp: start + day,
      traits: { email: 'Ada@Shop.org' },
    },
    {
      userId: 'bob',
      anonymousId: 'laptop',
      type: 'identify',
      timestamp: start + 2 * day,
      traits: { phone: '0301234567' },
    },
    { userId: 'bob', event: 'Order Completed', timestamp: start + 3 * day, properties: { order_id: '1', total: 5 } },
    { workspaceId: 'other', userId: 'eve', timestamp: start },
  ]);
  await serving.caughtUp();
  expect((await preview('bob', 'ada')).body).toMatchObject({ profiles: [{ touchpoints: 2 }, { touchpoints: 2 }] });
});
afterAll(async () => {
  await serving?.stop();
  await test?.stop();
});

const ask = <T>(path: string, body?: object) => serving.ask<T>(`/v1/identities${path}`, body);
const show = (identifier: string) => ask<IdentityGraphDto>(`/${encodeURIComponent(identifier)}`);
const preview = (identifier: string, other: string) =>
  ask<LinkPreviewDto>(`/${encodeURIComponent(identifier)}/preview?with=${encodeURIComponent(other)}`);
const namesIn = ({ identifiers }: IdentityGraphDto) => identifiers.map(({ type, value }) => `${type} ${value}`).sort();
const profileIdOf = async (identifier: string) => (await show(identifier)).body.profileId;

describe('identities over HTTP', () => {
  it('show the identifiers of a person by any of them, normalised, and the link that was refused', async () => {
    const { status, body } = await show('email:ADA@shop.org');
    expect(status).toBe(200);
    expect(namesIn(body)).toEqual(['anonymousId laptop', 'email Ada@shop.org'.toLowerCase(), 'userId ada']);
    for (const same of ['ada', 'laptop', 'anonymousId:laptop', body.profileId]) {
      expect(await profileIdOf(same)).toBe(body.profileId);
    }
    const refused = body.links.filter(({ quarantined }) => quarantined !== null);
    expect(refused).toMatchObject([
      { quarantined: 'over-limit', by: 'seen-together', since: '2024-05-03T00:00:00.000Z' },
    ]);
    expect(namesIn((await show('+49 30 1234567')).body)).toEqual(['phone +49301234567', 'userId bob']);
  });

  it('list what is quarantined in the workspace, and by reason', async () => {
    const { body } = await ask<readonly QuarantinedLinkDto[]>('?reason=over-limit');
    expect(body).toMatchObject([{ reason: 'over-limit', since: '2024-05-03T00:00:00.000Z' }]);
    expect(body.flatMap(({ first, second }) => [first.value, second.value])).not.toContain(null);
    expect((await ask('?reason=shared')).body).toEqual([]);
  });

  it('preview a link and change nothing', async () => {
    const before = await eventsOf(test.platform, 'identities', 'profiles-merged');
    const { body } = await preview('bob', 'ada');
    expect(body).toMatchObject({
      joins: true,
      refusal: null,
      survivorId: await profileIdOf('ada'),
      profiles: [{ identifiers: { userId: 1, phone: 1 } }, { identifiers: { userId: 1, email: 1, anonymousId: 1 } }],
      consentConflicts: [],
    });
    expect(await profileIdOf('bob')).not.toBe(await profileIdOf('ada'));
    expect(await eventsOf(test.platform, 'identities', 'profiles-merged')).toHaveLength(before.length);
  });

  it('preview on which consents the two disagree', async () => {
    const about = { purpose: 'surveys', channel: 'email' };
    await appendTouchpoints(test.platform, [
      { userId: 'yes', event: 'Consent Granted', properties: about },
      { userId: 'yes', event: 'Consent Granted', properties: { purpose: 'profiling' } },
      { userId: 'no', event: 'Consent Withdrawn', properties: about },
    ]);
    await serving.caughtUp();
    const { body } = await preview('yes', 'no');
    expect(body.consentConflicts).toEqual([{ ...about, statuses: ['granted', 'withdrawn'] }]);
  });

  it('leave an identifier to its owner in the profiles that it came with', async () => {
    const profileOf = async (userId: string) => (await serving.ask<ProfileDto>(`/v1/profiles/${userId}`)).body;
    expect(await profileOf('ada')).toMatchObject({
      identifiers: { userId: ['ada'], anonymousId: ['laptop'] },
      quarantinedIdentifiers: {},
    });
    const { identifiers, quarantinedIdentifiers } = await profileOf('bob');
    expect([identifiers, quarantinedIdentifiers]).toEqual([{ userId: ['bob'] }, { anonymousId: ['laptop'] }]);
  });

  it('link two identifiers, and split them again', async () => {
    const link = await ask<{ decisionId: string }>('/bob/links', { with: 'ada' });
    expect(link).toMatchObject({ status: 202, body: { kind: 'link' } });
    await eventually(async () => expect(await profileIdOf('bob')).toBe(await profileIdOf('ada')));
    expect((await preview('bob', 'ada')).body.profiles).toHaveLength(1);
    const split = await ask('/userId:bob/splits', { from: 'userId:ada' });
    expect(split).toMatchObject({ status: 202, body: { kind: 'split' } });
    await eventually(async () => expect(await profileIdOf('bob')).not.toBe(await profileIdOf('ada')));
    const apart = { fromId: await profileIdOf('ada'), profileId: await profileIdOf('bob') };
    // What a consumer says follows what it has committed.
    await eventually(async () => {
      const splits = await eventsOf(test.platform, 'identities', 'profiles-split');
      expect(splits.map(({ value }) => value)).toContainEqual(expect.objectContaining(apart));
    });
    expect((await show('ada')).body.links).toContainEqual(
      expect.objectContaining({ by: 'decided', quarantined: 'kept-apart' }),
    );
  });

  it('split an identifier from all that it is linked with', async () => {
    await ask('/anonymousId:laptop/splits', {});
    await eventually(async () => expect(namesIn((await show('laptop')).body)).toEqual(['anonymousId laptop']));
    expect((await ask('/anonymousId:laptop/splits', {})).status).toBe(400);
  });

  it.each([
    ['/nobody', undefined, 404],
    ['/eve', undefined, 404],
    ['/ada/preview?with=nobody', undefined, 404],
    ['/ada/preview', undefined, 400],
    ['?reason=dislike', undefined, 400],
    ['/ada/links', {}, 400],
    ['/ada/links', { with: 'nobody' }, 404],
    ['/ada/links', { with: 'userId:ada' }, 400],
    ['/ada/splits', { from: 'userId:ada' }, 400],
    ['/nobody/splits', {}, 404],
    ['/ada/splits', { from: 7 }, 400],
  ])('answer %s %j with %i, as a problem', async (path, body, expected) => {
    const answer = await ask<{ status: number; detail: string }>(path, body);
    expect(answer.status).toBe(expected);
    expect(answer.body).toMatchObject({ status: expected, detail: expect.any(String) });
  });

  it('let in nobody without the API key', async () => {
    expect((await fetch(`${url}/v1/identities/ada`)).status).toBe(401);
    expect((await fetch(`${url}/v1/identities/ada/splits`, { method: 'POST' })).status).toBe(401);
  });
});
