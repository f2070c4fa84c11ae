import type { PreferenceLinkDto } from '@rapport/service-query';
import { Command } from 'commander';
import { readEndpoints, withEndpointOptions, type EndpointOptions } from '../endpoints.js';
import { callApi, nobodyHas } from '../query-api.js';
import { type Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';

interface Said {
  readonly loneProfileId: string;
  readonly purpose: string;
  readonly channel: string;
  readonly status: string;
  readonly timestamp: string;
}

interface Standing {
  readonly purpose: string;
  readonly channel: string;
  readonly status: string;
  readonly isAllowed: boolean;
  readonly lawfulBasis: string;
  readonly since: string | null;
  readonly conflict: readonly Said[];
}

interface Consents {
  readonly consents: readonly Standing[];
  readonly conflicts: readonly Standing[];
  readonly preferences: { readonly frequency: string | null; readonly pausedUntil: string | null };
  readonly history?: readonly (Said & { readonly sourceId: string; readonly textVersion: string | null })[];
}

interface ConsentsOptions extends EndpointOptions {
  readonly type?: string;
  readonly conflicts?: boolean;
  readonly history?: boolean;
  readonly link?: boolean;
  readonly json?: boolean;
}

/** `rapport consents <identifier>`: what a person allows, and where merged profiles disagree. */
export function consentsCommand(terminal: Terminal): Command {
  const command = new Command('consents')
    .description('show what a person allows, on which ground, and where merged profiles disagree')
    .argument('<identifier>', 'any identifier: an id, email:ada@example.com, external:crm:42, or the profile id')
    .option('--type <type>', 'look among identifiers of this type only, for example email')
    .option('--conflicts', 'only where merged profiles disagree')
    .option('--history', 'every statement ever made, newest first')
    .option('--link', 'print a signed link to the preference centre of the person instead')
    .option('--json', 'print JSON on one line');
  return withEndpointOptions(command).action(async (identifier: string, options: ConsentsOptions) => {
    if (options.link) return printLink(terminal, identifier, options);
    const consents = await fetchConsents(identifier, options);
    if (options.json) terminal.print(JSON.stringify(consents));
    else terminal.print(textOf(consents, options));
  });
}

async function printLink(terminal: Terminal, identifier: string, { type, ...options }: ConsentsOptions): Promise<void> {
  const query = type ? `?type=${encodeURIComponent(type)}` : '';
  const path = `/v1/profiles/${encodeURIComponent(identifier)}/preference-links${query}`;
  const answer = await callApi(await readEndpoints(options), { method: 'POST', path, body: {} }, nobodyHas(identifier));
  const link = (await answer.json()) as PreferenceLinkDto;
  terminal.print(options.json ? JSON.stringify(link) : link.preferencesUrl);
}

async function fetchConsents(identifier: string, { type, history, ...options }: ConsentsOptions): Promise<Consents> {
  const query = new URLSearchParams({ ...(type ? { type } : {}), ...(history ? { history: 'true' } : {}) });
  const path = `/v1/profiles/${encodeURIComponent(identifier)}/consents?${query}`;
  const answer = await callApi(await readEndpoints(options), { path }, nobodyHas(identifier));
  return (await answer.json()) as Consents;
}

function textOf({ consents, conflicts, preferences, history }: Consents, options: ConsentsOptions): string {
  if (options.conflicts) {
    return conflicts.length === 0 ? 'Nothing that was said is in conflict.' : conflicts.map(conflictText).join('\n\n');
  }
  if (history) {
    const columns = ['when', 'purpose', 'channel', 'said', 'where', 'text'].map((title) => ({ title }));
    return textTable(
      columns,
      history.map((said) => [
        said.timestamp,
        said.purpose,
        said.channel,
        said.status,
        said.sourceId,
        said.textVersion ?? '',
      ]),
    );
  }
  const columns = ['purpose', 'channel', 'status', 'allowed', 'basis', 'since', 'conflict'].map((title) => ({ title }));
  const rows = consents.map((one) => [
    ...[one.purpose, one.channel, one.status, one.isAllowed ? 'yes' : 'no', one.lawfulBasis, one.since ?? ''],
    one.conflict.length > 0 ? 'yes' : '',
  ]);
  const { frequency, pausedUntil } = preferences;
  return `${textTable(columns, rows)}\nfrequency: ${frequency ?? 'not chosen'}, paused until: ${pausedUntil ?? 'not paused'}`;
}

function conflictText({ purpose, channel, status, conflict }: Standing): string {
  const columns = ['profile', 'said', 'when'].map((title) => ({ title }));
  const rows = conflict.map((said) => [said.loneProfileId, said.status, said.timestamp]);
  return `${purpose} by ${channel}: ${status} counts, the most restrictive\n${textTable(columns, rows)}`;
}
