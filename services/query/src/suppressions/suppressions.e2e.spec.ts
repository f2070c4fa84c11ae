import { eventsOf, startServing, startTestPlatform, type Serving, type TestPlatform } from '@rapport/testing';
import { QueryModule } from '../index.js';

let test: TestPlatform;
let serving: Serving;

beforeAll(async () => {
  test = await startTestPlatform();
  serving = await startServing(test.platform, [QueryModule], []);
});
afterAll(async () => {
  await serving.stop();
  await test.stop();
});

async function post(path: string, body: object) {
  const headers = { authorization: `Bearer ${test.config.secrets.apiKey}`, 'content-type': 'application/json' };
  const answer = await fetch(`${serving.url}/v1/suppressions${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

describe('the suppression list over HTTP', () => {
  it.each([
    ['email', 'Ada@Example.com', 'ada@example.com'],
    ['phone', '030 23125678', '+49 30 23125678'],
    ['phone', '+493023125679', '(030) 2312 5679'],
    ['external:crm', '42', '42'],
    ['userId', 'ada', 'ada'],
  ])('finds and takes off what was put on it, in whatever form: %s %s', async (type, added, asked) => {
    expect(await post('/find', { type, value: asked })).toMatchObject({ status: 404 });
    expect(await post('', { type, value: added, reason: 'complaint' })).toMatchObject({
      status: 201,
      body: { type, scope: 'imports', reason: 'complaint' },
    });
    expect(await post('/find', { type, value: asked })).toMatchObject({ status: 200, body: { type } });
    expect((await post('/remove', { type, value: added })).status).toBe(204);
    expect((await post('/remove', { type, value: added })).status).toBe(404);
    expect((await post('/find', { type, value: asked })).status).toBe(404);
  });

  it.each([
    [{ type: 'email', value: 'ada' }, /value: is no email address; say as type which of userId, external:<system>,/],
    [{ type: 'phone', value: 'ada' }, /value: is no phone number/],
    [{ type: 'device', value: 'd-1' }, /type: is none of userId, external:<system>, email, phone, anonymousId/],
    [{ type: 'shoe', value: '42' }, /type: is none of/],
    [{ type: 'email', value: 'ada@example.com', reason: 'By phone' }, /reason must be an id/],
  ])('takes nothing that nobody is known by: %j', async (said, detail) => {
    const before = await eventsOf(test.platform, 'suppressions', 'suppression-recorded');
    const { status, body } = await post('', { reason: 'complaint', ...said });
    expect([status, body['detail']]).toEqual([400, expect.stringMatching(detail)]);
    expect(await eventsOf(test.platform, 'suppressions', 'suppression-recorded')).toHaveLength(before.length);
  });
});
