import { JSDOM } from 'jsdom';
import { exportPage } from './export-page.js';
import type { PersonExport } from './person-export.js';

const nasty = `<img src=x onerror="alert('1')"> & "quoted"`;
const person: PersonExport = {
  exportedAt: '2026-11-20T12:00:00.000Z',
  workspaceId: 'shop',
  profileId: 'p-1',
  profileIds: ['p-1', 'p-2'],
  profile: { traits: { name: nasty, [nasty]: 1 }, identifiers: { userId: ['u-1'] }, memberships: [], scores: [] },
  consents: {},
  touchpoints: [
    {
      messageId: 'm-1',
      sourceId: 'web',
      type: 'track',
      event: nasty,
      timestamp: '2026-11-20T11:00:00.000Z',
      receivedAt: '2026-11-20T11:00:01.000Z',
      flags: [],
      content: { properties: { note: nasty } },
    },
  ],
  refused: [],
  messages: [],
  analytics: { [nasty]: [{ a: nasty }] },
  state: {},
};

describe('the export as a page', () => {
  const { document } = new JSDOM(exportPage(person)).window;

  it('shows what people wrote as text, never as markup', () => {
    expect(document.querySelectorAll('img, script, link, iframe')).toHaveLength(0);
    const cells = [...document.querySelectorAll('th, td, summary')].map(({ textContent }) => textContent);
    expect(cells).toEqual(
      expect.arrayContaining([nasty, `${nasty} (1)`, JSON.stringify({ properties: { note: nasty } })]),
    );
  });

  it('says what there is nothing of', () => {
    const section = [...document.querySelectorAll('section')].find((one) =>
      one.querySelector('h2')?.textContent.startsWith('Messages'),
    );
    expect(section?.textContent).toContain('Nothing.');
  });
});
