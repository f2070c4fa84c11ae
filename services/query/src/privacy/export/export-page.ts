import type { PersonExport } from './person-export.js';

const style = `
  body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1b1b1f; background: #fff; }
  h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
  table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
  caption { text-align: left; padding-bottom: 0.25rem; color: #55555e; }
  th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border-bottom: 1px solid #d9d9e0; overflow-wrap: anywhere; }
  details { margin: 0.5rem 0; } summary { cursor: pointer; }
`;

/** The export as a page of its own: readable without a program, a network or JavaScript. Every value is escaped. */
export function exportPage(person: PersonExport): string {
  const { exportedAt, profileId, workspaceId, profileIds } = person;
  const view = person.profile as Readonly<Record<string, unknown>>;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>What is known about ${text(profileId)}</title><style>${style}</style></head>
<body>
<main>
<h1>What is known about one person</h1>
<p>Workspace ${text(workspaceId)}, as of ${text(exportedAt)}. Profiles: ${profileIds.map(text).join(', ')}.</p>
${section('Traits', pairs(view['traits']))}
${section('Identifiers', pairs(view['identifiers']))}
${section('Identifiers that came with the person and are not theirs', pairs(view['quarantinedIdentifiers']))}
${section('Consents', pairs(person.consents))}
${section('Orders', pairs(view['orders']))}
${section('Segments', rows(view['memberships']))}
${section('Scores', rows(view['scores']))}
${section(`Touchpoints (${person.touchpoints.length})`, rows(person.touchpoints))}
${section(`Refused touchpoints (${person.refused.length})`, rows(person.refused))}
${section(`Messages (${person.messages.length})`, rows(person.messages))}
${section('Analytics, table by table', tables(person.analytics))}
${section('Working state, table by table', tables(person.state))}
</main>
</body>
</html>
`;
}

function section(title: string, body: string): string {
  return `<section><h2>${text(title)}</h2>\n${body || '<p>Nothing.</p>'}</section>`;
}

function tables(byName: PersonExport['analytics']): string {
  return Object.entries(byName)
    .map(([name, found]) => `<details><summary>${text(name)} (${found.length})</summary>${rows(found)}</details>`)
    .join('\n');
}

function pairs(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  const entries = Object.entries(value);
  if (entries.length === 0) return '';
  const lines = entries.map(([name, item]) => `<tr><th scope="row">${text(name)}</th><td>${cell(item)}</td></tr>`);
  return `<table><tbody>${lines.join('')}</tbody></table>`;
}

function rows(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return '';
  const items = value as readonly Readonly<Record<string, unknown>>[];
  const names = [...new Set(items.flatMap((item) => Object.keys(item)))];
  const head = names.map((name) => `<th scope="col">${text(name)}</th>`).join('');
  const body = items.map((item) => `<tr>${names.map((name) => `<td>${cell(item[name])}</td>`).join('')}</tr>`);
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table>`;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return text(typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean));
}

function text(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
