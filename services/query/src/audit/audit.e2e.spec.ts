import { profileConsumer } from '@rapport/service-profile';
import { resolveConsumer } from '@rapport/service-resolve';
import {
  appendTouchpoints,
  eventually,
  startServing,
  startTestPlatform,
  type Serving,
  type TestPlatform,
} from '@rapport/testing';
import { QueryModule } from '../index.js';
import type { AuditEntryDto } from './audit.dto.js';

let test: TestPlatform;
let serving: Serving;
let profileId: string;

beforeAll(async () => {
  test = await startTestPlatform();
  const { platform } = test;
  await test.startClickHouse();
  serving = await startServing(platform, [QueryModule], [resolveConsumer(platform), await profileConsumer(platform)]);
  await appendTouchpoints(platform, [
    { userId: 'ada', type: 'identify', traits: { email: 'ada@example.com' } },
    { userId: 'bob', type: 'identify', traits: { email: 'bob@example.com' } },
  ]);
  await serving.caughtUp();
  profileId = (await serving.ask<{ profileId: string }>('/v1/profiles/ada')).body.profileId;
});
afterAll(async () => {
  await serving.stop();
  await test.stop();
});

const audited = async (query: string) => (await serving.ask<readonly AuditEntryDto[]>(`/v1/audit?${query}`)).body;

describe('the audit log over HTTP', () => {
  it.each([
    ['GET', '/v1/profiles/ada', '/v1/profiles/:identifier', undefined],
    ['GET', '/v1/profiles/ada/export', '/v1/profiles/:identifier/export', undefined],
    ['GET', '/v1/profiles/ada/consents', '/v1/profiles/:identifier/consents', undefined],
    ['POST', '/v1/profiles/ada/traits', '/v1/profiles/:identifier/traits', { traits: { plan: 'pro' } }],
    ['POST', '/v1/profiles/ada/owner', '/v1/profiles/:identifier/owner', { ownerId: 'grace' }],
    [
      'POST',
      '/v1/profiles/ada/consents',
      '/v1/profiles/:identifier/consents',
      { purpose: 'marketing', status: 'granted' },
    ],
  ])('says who asked %s %s of whom, by profile id', async (method, path, route, body) => {
    expect((await serving.ask(path, body)).status).toBeLessThan(300);
    const [entry] = await eventually(async () => {
      const found = await audited(`target=${profileId}&action=${encodeURIComponent(`${method} ${route}`)}`);
      expect(found.length).toBeGreaterThan(0);
      return found;
    });
    expect(entry).toMatchObject({ target: profileId, details: { outcome: 'done' } });
    expect(entry?.actor).toMatch(/^api-key:/);
  });

  it.each([
    ['links', { with: 'bob' }],
    ['splits', { from: 'bob' }],
  ])('says who decided on %s, with the id of the decision on the log', async (what, body) => {
    const { decisionId } = (await serving.ask<{ decisionId: string }>(`/v1/identities/ada/${what}`, body)).body;
    await serving.caughtUp();
    expect(await audited(`target=${decisionId}`)).toMatchObject([
      { action: `POST /v1/identities/:identifier/${what}`, details: { outcome: 'done' } },
    ]);
  });

  it('notes what was refused too, and nothing personal', async () => {
    expect((await serving.ask('/v1/profiles/nobody@example.com/traits', { traits: { plan: 'pro' } })).status).toBe(404);
    const all = await audited('limit=1000');
    expect(all[0]).toMatchObject({ target: '', details: { outcome: '404' } });
    expect(JSON.stringify(all)).not.toMatch(/@example\.com|grace|"ada"|bob/);
  });

  it('is whole', async () => {
    expect((await serving.ask('/v1/audit/verification')).body).toMatchObject({ faults: [] });
  });
});
