import { AxeBuilder } from '@axe-core/playwright';
import { createPreferenceTokens, type PreferenceLink } from '@rapport/runtime';
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
import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser, type Page } from 'playwright-core';
import { QueryModule } from '../index.js';

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

const api = async (path: string) => {
  const response = await fetch(url + path, { headers: { authorization: `Bearer ${test.config.secrets.apiKey}` } });
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return (await response.json()) as Record<string, unknown>;
};
async function linkFor(userId: string, more: Partial<PreferenceLink> = {}, lifetimeMs?: number): Promise<string> {
  await appendTouchpoints(test.platform, [{ userId, type: 'identify', traits: { email: `${userId}@example.com` } }]);
  const { profileId } = await eventually(() => api(`/v1/profiles/${userId}`));
  const about = { workspaceId: 'default', purpose: 'marketing', channel: 'email', deliveryId: 'd-1' };
  const link = { ...about, profileId: profileId as string, ...more };
  return createPreferenceTokens(test.config.secrets.hashKey).sign(link, Date.now(), lifetimeMs);
}
interface Standing {
  readonly purpose: string;
  readonly channel: string;
  readonly status: string;
}
const consentsOf = async (userId: string) => {
  const { consents, preferences, history } = await api(`/v1/profiles/${userId}/consents?history=true`);
  const said = (consents as Standing[]).filter(({ status }) => status !== 'unknown');
  return { said: said.map((one) => `${one.purpose}/${one.channel} ${one.status}`).sort(), preferences, history };
};

describe('one click', () => {
  it.each([
    ['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
    [
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
    ],
  ])('unsubscribes, posted as %s', async (type, body) => {
    const userId = `click-${type.length}`;
    const token = await linkFor(userId);
    const headers = { 'content-type': type };
    const answer = await fetch(`${url}/unsubscribe/${token}`, { method: 'POST', headers, body });

    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('You are unsubscribed');
    await eventually(async () => expect((await consentsOf(userId)).said).toEqual(['marketing/email withdrawn']));
    expect((await consentsOf(userId)).history).toMatchObject([{ sourceId: 'rapport-api', textVersion: '1' }]);
  });

  it('is not done by following the link, as mail scanners do', async () => {
    const token = await linkFor('scanned');
    const answer = await fetch(`${url}/unsubscribe/${token}`);

    expect(await answer.text()).toContain('Do you wish to receive no more messages');
    await serving.caughtUp();
    expect((await consentsOf('scanned')).history).toEqual([]);
  });

  it('unsubscribes from the purpose of the message that carried it', async () => {
    const token = await linkFor('reader', { purpose: 'newsletter' });
    await fetch(`${url}/unsubscribe/${token}`, { method: 'POST' });
    await eventually(async () => expect((await consentsOf('reader')).said).toEqual(['newsletter/email withdrawn']));
  });
});

describe('a link for a message that is not Rapport’s own', () => {
  const sign = async (userId: string, body: object) => {
    const answer = await fetch(`${url}/v1/profiles/${userId}/preference-links`, {
      method: 'POST',
      headers: { authorization: `Bearer ${test.config.secrets.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, string> };
  };
  const pathOf = (link = '') => new URL(link).pathname;

  it('opens the preference centre, and unsubscribes from what it says', async () => {
    await linkFor('own');
    const { status, body } = await sign('own', { purpose: 'newsletter', channel: 'email' });
    expect([status, Date.parse(body['expiresAt'] ?? '') > Date.now()]).toEqual([200, true]);
    const page = await fetch(url + pathOf(body['preferencesUrl']));
    expect(await page.text()).toContain('Your preferences');
    await fetch(url + pathOf(body['unsubscribeUrl']), { method: 'POST' });
    await eventually(async () => expect((await consentsOf('own')).said).toEqual(['newsletter/email withdrawn']));
  });

  it('unsubscribes from everything where it names no purpose', async () => {
    await linkFor('any');
    const { body } = await sign('any', {});
    const answer = await fetch(url + pathOf(body['unsubscribeUrl']), { method: 'POST' });
    expect(await answer.text()).toContain('everything by any channel');
    await eventually(async () => expect((await consentsOf('any')).said).toContain('marketing/sms withdrawn'));
  });

  it.each([
    ['own', { purpose: 'shoes' }, 400, /purpose: is not declared; say one of marketing,/],
    ['own', { channel: 'fax' }, 400, /channel: is not declared; say one of email, sms, all/],
    ['nobody', {}, 404, /No profile has this identifier/],
  ])('is not signed for %s with %j', async (userId, asked, status, detail) => {
    expect(await sign(userId, asked)).toMatchObject({
      status,
      body: { detail: expect.stringMatching(detail) as string },
    });
  });
});

describe('a link', () => {
  it('opens nothing once it expired, was changed, or was signed by another installation', async () => {
    const expired = await linkFor('late', {}, -1_000);
    const valid = await linkFor('late');
    const foreign = await createPreferenceTokens(Buffer.alloc(32, 9)).sign(
      { workspaceId: 'default', profileId: 'p', purpose: 'marketing', channel: 'email', deliveryId: 'd' },
      Date.now(),
    );
    const [header, , signature] = valid.split('.');
    const forged = `${header}.${Buffer.from('{"sub":"x"}').toString('base64url')}.${signature}`;
    for (const token of [expired, foreign, forged, 'x']) {
      for (const path of ['preferences', 'unsubscribe']) {
        const answer = await fetch(`${url}/${path}/${token}`, { method: 'POST' });
        expect(answer.status).toBe(404);
        expect(await answer.text()).toContain('This link has expired');
      }
    }
    expect((await consentsOf('late')).history).toEqual([]);
  });

  it('is kept out of caches, referrers and search', async () => {
    const { headers } = await fetch(`${url}/preferences/${await linkFor('secret')}`);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-robots-tag')).toBe('noindex');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});

describe('the preference centre in Chromium, without JavaScript', () => {
  let browser: Browser | undefined;
  let page: Page;

  beforeAll(async () => {
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
    const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
    try {
      const executablePath = process.env['CHROMIUM_PATH'] ?? (await chromium.executablePath());
      browser = await playwright.launch({ executablePath, args: [...flags, ...quiet] });
    } catch (error) {
      process.stderr.write(`skipped: no Chromium starts here (${String(error).split('\n')[0]})\n`);
    }
  });
  afterAll(() => browser?.close());

  const open = async (path: string, javaScriptEnabled = false): Promise<boolean> => {
    if (browser === undefined) return false;
    page = await (await browser.newContext({ javaScriptEnabled })).newPage();
    await page.goto(url + path);
    return true;
  };

  it('saves topics, channels, frequency and a pause, and shows them', async () => {
    const token = await linkFor('ada');
    if (!(await open(`/preferences/${token}`))) return;
    expect(await page.getByLabel('Email').isChecked()).toBe(true);
    expect(await page.getByLabel('Text message').isChecked()).toBe(false);
    await page.getByLabel('Text message').check();
    await page.getByLabel('Offers', { exact: true }).uncheck();
    await page.getByLabel('At most one message a week').check();
    await page.getByLabel('No offers and news for a while').selectOption('30');
    await page.getByRole('button', { name: 'Save my choices' }).click();

    expect(await page.getByRole('status').textContent()).toContain('saved');
    await serving.caughtUp();
    await page.goto(`${url}/preferences/${token}`);
    expect(await page.getByLabel('Text message').isChecked()).toBe(true);
    expect(await page.getByLabel('Offers', { exact: true }).isChecked()).toBe(false);
    expect(await page.getByLabel('At most one message a week').isChecked()).toBe(true);
    expect(await page.locator('main').textContent()).toContain('Messages are paused until');
    const { said, preferences, history } = await consentsOf('ada');
    expect(said).toEqual(['marketing/sms granted', 'offers/all withdrawn']);
    expect(preferences).toMatchObject({ frequency: 'weekly', pausedUntil: expect.any(String) });
    expect(history).toHaveLength(4);

    await page.getByLabel('No offers and news for a while').selectOption('end');
    await page.getByRole('button', { name: 'Save my choices' }).click();
    await page.getByRole('status').waitFor();
    await serving.caughtUp();
    await page.goto(`${url}/preferences/${token}`);
    expect(await page.locator('main').textContent()).not.toContain('Messages are paused until');
    expect((await consentsOf('ada')).preferences).toEqual({ frequency: 'weekly', pausedUntil: null });
  });

  it('records nothing where nothing was changed', async () => {
    const token = await linkFor('same');
    if (!(await open(`/preferences/${token}`))) return;
    await page.getByRole('button', { name: 'Save my choices' }).click();
    expect(await page.getByRole('status').textContent()).toContain('saved');
    await serving.caughtUp();
    expect(await consentsOf('same')).toMatchObject({ said: [], history: [] });
  });

  it('refuses everything by one button', async () => {
    const token = await linkFor('enough');
    if (!(await open(`/preferences/${token}`))) return;
    await page.getByRole('button', { name: 'Refuse everything' }).click();
    await page.getByRole('status').waitFor();
    await serving.caughtUp();
    await page.goto(`${url}/preferences/${token}`);
    expect(await page.locator('input[type=checkbox]:checked').count()).toBe(0);
    expect((await consentsOf('enough')).said).toContain('marketing/email withdrawn');
  });

  it('unsubscribes by the link of a message and a button', async () => {
    const token = await linkFor('tired');
    if (!(await open(`/unsubscribe/${token}`))) return;
    await page.getByRole('button', { name: 'Unsubscribe' }).click();
    expect(await page.getByRole('status').textContent()).toContain('no more messages of this kind');
    await page.getByRole('link', { name: 'Change what you receive' }).click();
    await page.getByRole('heading', { name: 'Your preferences' }).waitFor();
  });

  it.each(['preferences', 'unsubscribe'])('has no fault that axe finds: %s', async (path) => {
    const token = await linkFor('axe');
    // axe itself is a script in the page; the policy of the page would stop it.
    if (!(await open(`/${path}/${token}`, true))) return;
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([]);
  });
});
