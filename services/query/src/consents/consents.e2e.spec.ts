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
import type { ConsentsDto } from './consents.dto.js';

let test: TestPlatform;
let serving: Serving;
let url: string;

beforeAll(async () => {
  test = await startTestPlatform();
  const { platform } = test;
  serving = await startServing(platform, [QueryModule], [resolveConsumer(platform), await profileConsumer(platform)]);
  url = serving.url;
});
afterAll(async () => {
  await serving.stop();
  await test.stop();
});

const authorization = () => ({ authorization: `Bearer ${test.config.secrets.apiKey}` });
async function consentsOf(identifier: string): Promise<ConsentsDto> {
  const response = await fetch(`${url}/v1/profiles/${identifier}/consents?history=true`, { headers: authorization() });
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return (await response.json()) as ConsentsDto;
}
async function say(identifier: string, said: object) {
  const response = await fetch(`${url}/v1/profiles/${identifier}/consents`, {
    method: 'POST',
    headers: { ...authorization(), 'content-type': 'application/json' },
    body: JSON.stringify(said),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const standingOf = ({ consents }: ConsentsDto, purpose: string, channel: string) =>
  consents.find((one) => one.purpose === purpose && one.channel === channel);

describe('consents over HTTP', () => {
  it('say what counts for everything declared, before anybody said anything', async () => {
    await appendTouchpoints(test.platform, [{ userId: 'new', type: 'identify', traits: { plan: 'free' } }]);
    const view = await eventually(() => consentsOf('new'));

    expect(standingOf(view, 'marketing', 'email')).toMatchObject({ status: 'unknown', isAllowed: true, since: null });
    expect(standingOf(view, 'marketing', 'sms')).toMatchObject({ status: 'unknown', isAllowed: false });
    expect(standingOf(view, 'profiling', 'all')).toMatchObject({ lawfulBasis: 'consent', isAllowed: false });
    expect(view).toMatchObject({ conflicts: [], preferences: { frequency: null, pausedUntil: null }, history: [] });
  });

  it('are recorded as touchpoints, with basis, text and expiry, and kept whole', async () => {
    await appendTouchpoints(test.platform, [{ userId: 'ada', type: 'identify' }]);
    await eventually(() => consentsOf('ada'));
    const details = { lawfulBasis: 'consent', textVersion: '2026-05', expiresAt: '2200-01-01T00:00:00.000Z' };
    expect(await say('ada', { purpose: 'marketing', channel: 'sms', status: 'granted', ...details })).toMatchObject({
      status: 202,
    });
    await eventually(async () => {
      expect(standingOf(await consentsOf('ada'), 'marketing', 'sms')).toMatchObject({
        status: 'granted',
        isAllowed: true,
        expiresAt: details.expiresAt,
      });
    });
    await say('ada', { purpose: 'marketing', channel: 'sms', status: 'withdrawn' });
    const view = await eventually(async () => {
      const now = await consentsOf('ada');
      expect(standingOf(now, 'marketing', 'sms')).toMatchObject({ status: 'withdrawn', isAllowed: false });
      return now;
    });
    expect(view.history).toMatchObject([
      { status: 'withdrawn', sourceId: 'rapport-api', textVersion: '1' },
      { status: 'granted', sourceId: 'rapport-api', ...details },
    ]);
    const told = await eventsOf(test.platform, 'consents', 'consent-recorded');
    expect(told.map(({ value }) => value.status)).toEqual(['granted', 'withdrawn']);
  });

  it.each([
    [{ purpose: 'marketin', status: 'granted' }, /purpose: is not declared; say one of marketing,/],
    [{ purpose: 'all', status: 'granted' }, /purpose: is not declared/],
    [{ purpose: 'marketing', channel: 'fax', status: 'granted' }, /channel: is not declared/],
    [{ purpose: 'marketing', status: 'maybe' }, /status must be one of/],
  ])('are refused where they are not declared: %j', async (said, detail) => {
    const { status, body } = await say('ada', said);
    expect(status).toBe(400);
    expect(body['detail']).toMatch(detail);
  });

  it('of nobody are not found, and nothing is recorded', async () => {
    const before = await eventsOf(test.platform, 'touchpoints', 'touchpoint');
    expect(await say('nobody', { purpose: 'marketing', status: 'withdrawn' })).toMatchObject({ status: 404 });
    expect(await eventsOf(test.platform, 'touchpoints', 'touchpoint')).toHaveLength(before.length);
  });

  it('of merged profiles that disagree are the most restrictive, and listed, until the person says it again', async () => {
    const event = 'Consent Granted';
    await appendTouchpoints(test.platform, [
      { anonymousId: 'phone', event: 'Consent Withdrawn', properties: { purpose: 'profiling' }, timestamp: 1_000 },
      { userId: 'bob', event, properties: { purpose: 'profiling' }, timestamp: 2_000 },
    ]);
    await eventually(async () => expect((await consentsOf('bob')).history).toHaveLength(1));
    await eventually(async () => expect((await consentsOf('phone')).history).toHaveLength(1));
    await appendTouchpoints(test.platform, [{ userId: 'bob', anonymousId: 'phone', type: 'identify' }]);

    const merged = await eventually(async () => {
      const view = await consentsOf('bob');
      expect(view.conflicts).toHaveLength(1);
      return view;
    });
    expect(standingOf(merged, 'profiling', 'all')).toMatchObject({ status: 'withdrawn', isAllowed: false });
    expect(merged.conflicts[0]?.conflict.map(({ status }) => status).sort()).toEqual(['granted', 'withdrawn']);
    expect(merged.history).toHaveLength(2);

    await say('bob', { purpose: 'profiling', status: 'granted' });
    await eventually(async () => {
      const view = await consentsOf('bob');
      expect(standingOf(view, 'profiling', 'all')).toMatchObject({ status: 'granted', isAllowed: true });
      expect(view.conflicts).toEqual([]);
    });
  });
});
