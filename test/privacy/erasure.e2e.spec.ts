import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { waitForConsumers } from '@rapport/service-standalone';
import {
  eventually,
  freePortSettings,
  RapportProcess,
  prepareDataFolder,
  startStandaloneProcess,
  temporaryFolder,
  type RunningEndpoints,
} from '@rapport/testing';
import { filesWith, formsOf } from './canary.js';
import { callEveryRoute } from './every-route.js';
import { changedRows, keptState, stateSettled, type KeptState } from './kept-state.js';

const root = path.resolve(import.meta.dirname, '../..');
const program = path.join(root, 'services/standalone/dist/main.js');
const cli = path.join(root, 'services/standalone/dist/cli/main.js');

const canary = 'Xq7canary0Zephyrine9Kestrel';
/** Somebody who is never erased, so that nothing is known of how they are kept: it must not be said anywhere. */
const passerBy = 'Jb5canary2Philomena8Dotterel';
const withoutCanary = expect.not.stringContaining(canary) as string;
const person = {
  userId: `user-${canary}`,
  anonymousId: `anon-${canary}`,
  email: `${canary}@example.com`,
};

describe('erasing a person', () => {
  const folder = temporaryFolder();
  const environment: Record<string, string> = { RAPPORT_KEY_CACHE_SECONDS: '2', RAPPORT_LOG_LEVEL: 'debug' };
  let running: { process: RapportProcess; endpoints: RunningEndpoints };
  let output = '';

  const start = async (): Promise<void> => {
    running = await startStandaloneProcess({ program, environment, dataDir: folder.path }, 120_000);
  };
  const stop = async (): Promise<void> => {
    await running.process.stop();
    output += running.process.output;
  };

  beforeAll(async () => {
    Object.assign(environment, await freePortSettings());
    await prepareDataFolder(folder.path);
    await start();
  });
  afterAll(async () => {
    await running.process.kill({ descendants: true });
    folder.remove();
  });

  const rapport = async (...args: string[]): Promise<string> => {
    const command = new RapportProcess({
      program: cli,
      args,
      environment: { ...environment, RAPPORT_DATA_DIR: folder.path },
    });
    const said = await command.finished();
    output += said;
    return said;
  };

  const send = async (batch: readonly object[]): Promise<void> => {
    const { http, writeKey } = running.endpoints;
    const response = await fetch(`${http}/v1/batch`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}` },
      body: JSON.stringify({ batch }),
    });
    expect(response.status).toBe(200);
  };

  const profile = (identifier: string): Promise<Response> =>
    fetch(`${running.endpoints.http}/v1/profiles/${encodeURIComponent(identifier)}`, {
      headers: { authorization: `Bearer ${running.endpoints.apiKey}` },
    });

  const stateOf = () => keptState(running.endpoints);
  const settled = () =>
    stateSettled(async () => {
      await waitForConsumers(running.endpoints.consumers, pause);
      return stateOf();
    });

  /** Their rows of an old export of the shop's CRM: by each identifier they had, and somebody else's among them. */
  const importAgain = async (): Promise<unknown> => {
    const { http, writeKey } = running.endpoints;
    const row = (id: string, more: object) => ({ type: 'identify', messageId: id, timestamp: '2025-01-01', ...more });
    const batch = [
      row('crm-1', { userId: 'crm-new-id', traits: { email: person.email.toUpperCase() } }),
      row('crm-2', { userId: person.userId }),
      row('crm-3', { anonymousId: person.anonymousId }),
      row('crm-4', { userId: 'other-7', traits: { email: 'other-7@example.org', name: 'Other 7' } }),
    ];
    const response = await fetch(`${http}/v1/import`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}` },
      body: JSON.stringify({ batch }),
    });
    return response.json();
  };

  it('says nothing personal in error answers, metrics and logs, whatever is sent', async () => {
    const { http, writeKey, apiKey, consumers } = running.endpoints;
    const write = { authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}` };
    const read = { authorization: `Bearer ${apiKey}` };
    const post = (at: string, body: string, headers: Record<string, string>): Promise<Response> =>
      fetch(`${http}${at}`, { method: 'POST', headers, body });
    const json = { ...read, 'content-type': 'application/json' };
    const asked = await Promise.all([
      post('/v1/track', `{"userId":"${canary}"`, write),
      post('/v1/track', JSON.stringify({ userId: canary, event: '', properties: { note: canary } }), write),
      post('/v1/batch', JSON.stringify({ batch: [canary, { type: canary, userId: canary }] }), write),
      post('/v1/track', JSON.stringify({ userId: canary, event: 'x' }), { authorization: `Basic ${canary}` }),
      fetch(`${http}/v1/profiles/${canary}`, { headers: read }),
      fetch(`${http}/v1/profiles/${canary}?type=${canary}`, { headers: read }),
      fetch(`${http}/v1/profiles/${canary}/touchpoints?limit=${canary}`, { headers: read }),
      fetch(`${http}/v1/profiles/${canary}/export`, { headers: read }),
      fetch(`${http}/v1/profiles/${canary}`, { headers: { authorization: `Bearer ${canary}` } }),
      fetch(`${http}/v1/erasures/${canary}`, { headers: read }),
      fetch(`${http}/v1/${canary}`, { headers: read }),
      post('/v1/erasures', JSON.stringify({ identifier: canary, type: canary }), json),
      post('/v1/erasures', `{"identifier":"${canary}"`, json),
      post(`/v1/profiles/${canary}/traits`, JSON.stringify({ traits: canary }), json),
    ]);
    for (const response of asked) expect([response.url, await response.text()]).toEqual([response.url, withoutCanary]);
    for (const url of [http, consumers]) expect(await (await fetch(`${url}/metrics`)).text()).toEqual(withoutCanary);
    expect(await rapport('audit', '--all', '--json')).toEqual(withoutCanary);
    expect(await rapport('dead-letters', 'list')).toEqual(withoutCanary);
    expect(running.process.output).toEqual(withoutCanary);
  });

  it('leaves no byte of them anywhere, and everybody else exactly as they are, also after a full replay', async () => {
    const now = Date.now();
    const at = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();
    const others = Array.from({ length: 40 }, (_, i) => i).flatMap((i) => [
      {
        type: 'identify',
        messageId: `o-${i}`,
        userId: `other-${i}`,
        timestamp: at(90),
        traits: { email: `other-${i}@example.org`, name: `Other ${i}` },
      },
      {
        type: 'track',
        messageId: `p-${i}`,
        userId: `other-${i}`,
        event: 'Order Completed',
        timestamp: at(60 - i),
        properties: { order_id: `order-${i}`, total: 10 + i, currency: 'EUR' },
      },
    ]);
    const theirs = [
      {
        type: 'page',
        messageId: 'c-0',
        anonymousId: person.anonymousId,
        timestamp: at(100),
        properties: { url: `https://shop.example/${canary}` },
      },
      {
        type: 'identify',
        messageId: 'c-1',
        userId: person.userId,
        anonymousId: person.anonymousId,
        timestamp: at(95),
        traits: { email: person.email, name: canary, phone: '+15550100' },
      },
      {
        type: 'track',
        messageId: 'c-2',
        userId: person.userId,
        event: 'Order Completed',
        timestamp: at(50),
        properties: { order_id: `order-${canary}`, total: 99, currency: 'EUR', note: canary },
        context: { page: { referrer: `https://${canary}.example` } },
      },
      { type: 'track', messageId: 'c-3', userId: person.userId, event: '', properties: { note: canary } },
    ];
    await send([...others.slice(0, 30), ...theirs, ...others.slice(30)]);
    await eventually(async () => expect((await profile(person.email)).status).toBe(200), 60_000);
    await settled();
    const before = await stateOf();
    expect(JSON.stringify(before)).toContain(canary);
    const { profileId } = (await (await profile(person.email)).json()) as { profileId: string };
    const waiting = ({ ['orchestrate.people']: rows = '' }: KeptState): boolean =>
      rows.split('\n').some((row) => row.includes(profileId) && row.includes('"waiting"'));
    expect(waiting(before)).toBe(true);
    expect(await filesWith(folder.path, formsOf(canary))).not.toEqual([]);

    const certificate = path.join(folder.path, 'certificate.jws');
    const said = await rapport('erase', person.email, '--out', certificate);
    expect(said).toContain('Erased.');
    expect(said).toContain('identifiers are on the suppression list (imports), by keyed hash.');
    expect(await rapport('erase', '--verify', certificate)).toContain('Valid:');

    expect((await profile(person.userId)).status).toBe(404);
    await settled();
    const after = await stateOf();
    expect(JSON.stringify(after)).not.toContain(canary);
    expect(waiting(after)).toBe(false);
    expect(await filesWith(folder.path, formsOf(canary))).toEqual([]);

    for (const service of ['resolve', 'profile', 'segment', 'score', 'orchestrate', 'analyze']) {
      expect(await rapport('replay', service)).toContain(`${service} is rebuilt`);
    }
    await settled();
    expect(await stateOf()).toEqual(after);
    expect(await filesWith(folder.path, formsOf(canary))).toEqual([]);
    expect(changedRows(before, after)).toEqual([]);
    expect(after['profile.orders']?.split('\n')).toHaveLength(40);
    expect(after['recorded_touchpoints']?.trim().split('\n')).toHaveLength(80);

    expect(await importAgain()).toMatchObject({ rejectedCount: 3, rejectedByReason: { suppressed: 3 } });
    await settled();
    expect((await profile('other-7')).status).toBe(200);
    for (const one of [...Object.values(person), 'crm-new-id']) expect((await profile(one)).status).toBe(404);
    await stop();
    expect(await filesWith(folder.path, formsOf(canary))).toEqual([]);
    expect(output).not.toContain(canary);
    expect(readFileSync(certificate, 'utf8')).not.toContain(canary);
    await start();
    expect((await profile(person.userId)).status).toBe(404);
    expect(await rapport('audit', 'verify')).toContain('is whole');
    const audited = await rapport('audit', '--all', '--json');
    expect(audited).toContain('"sequence":1,');
    expect(audited).toEqual(withoutCanary);
  }, 1_800_000);

  it('says nothing personal either when it comes by every route that there is', async () => {
    const { http, writeKey, apiKey, consumers } = running.endpoints;
    const credentials = { authorization: `Bearer ${apiKey}`, 'x-write-key': writeKey };
    const answers = await callEveryRoute(http, passerBy, credentials);
    // The registry says, as Confluent's does, which subject it does not know; a subject names a topic.
    const refusals = answers.filter(({ call, status }) => status >= 400 && !call.includes(' /schema-registry/'));
    expect(refusals.length).toBeGreaterThan(100);
    const routesThat = (some: typeof answers): readonly string[] => some.map(({ call, status }) => `${call} ${status}`);
    expect(routesThat(refusals.filter(({ text }) => text.includes(passerBy)))).toEqual([]);
    expect(routesThat(answers.filter(({ status }) => status >= 500))).toEqual([]);
    const said = [
      ...(await Promise.all([http, consumers].map(async (url) => (await fetch(`${url}/metrics`)).text()))),
      ...[await rapport('audit', '--all', '--json'), await rapport('dead-letters', 'list'), running.process.output],
    ];
    for (const text of said) expect(text).not.toContain(passerBy);
  });
});
