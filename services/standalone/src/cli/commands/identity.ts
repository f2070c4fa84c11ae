import {
  type DecisionDto,
  type IdentityGraphDto,
  type LinkPreviewDto,
  type QuarantinedLinkDto,
} from '@rapport/service-query';
import { Command } from 'commander';
import { CommandError } from '../command-error.js';
import { readEndpoints, withEndpointOptions, type EndpointOptions } from '../endpoints.js';
import { callApi, type ApiCall } from '../query-api.js';
import { printable, type Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';

interface IdentityOptions extends EndpointOptions {
  readonly json?: boolean;
}

interface QuarantineOptions extends IdentityOptions {
  readonly reason?: string;
  readonly limit: string;
}

/** `rapport identity show|preview|link|split|quarantine`: who is who, and an operator's word on it. */
export function identityCommand(terminal: Terminal): Command {
  const command = new Command('identity')
    .description('see who is taken for one person and why; link, split, preview')
    .addHelpText(
      'after',
      '\nAn identifier is type:value (email:ada@example.com, external:crm:42), a value alone, or a profile id.',
    );
  const add = (usage: string, description: string): Command =>
    withEndpointOptions(command.command(usage).description(description)).option('--json', 'print JSON on one line');
  const print = (options: IdentityOptions, value: unknown, text: string): void =>
    terminal.print(options.json ? JSON.stringify(value) : text);

  add('show <identifier>', 'the identifiers of a person, what links them, what is quarantined and why').action(
    async (identifier: string, options: IdentityOptions) => {
      const graph = await ask<IdentityGraphDto>(options, { path: pathOf(identifier) });
      print(options, graph, graphText(graph));
    },
  );
  add('preview <identifier> <other>', 'what a link of the two would join, and which consents disagree').action(
    async (identifier: string, other: string, options: IdentityOptions) => {
      const path = `${pathOf(identifier)}/preview?with=${encodeURIComponent(other)}`;
      const preview = await ask<LinkPreviewDto>(options, { path });
      print(options, preview, previewText(preview));
    },
  );
  add('link <identifier> <other>', 'take the two for one person').action(
    async (identifier: string, other: string, options: IdentityOptions) => {
      const call: ApiCall = { method: 'POST', path: `${pathOf(identifier)}/links`, body: { with: other } };
      const decision = await ask<DecisionDto>(options, call);
      print(options, decision, `Decided: one person (decision ${decision.decisionId}).`);
    },
  );
  add('split <identifier>', 'undo a wrong link: take the identifier for somebody else, from now on')
    .option('--from <other>', 'somebody else than this one; without it, than all it is linked with')
    .action(async (identifier: string, options: IdentityOptions & { readonly from?: string }) => {
      const body = options.from === undefined ? {} : { from: options.from };
      const decision = await ask<DecisionDto>(options, { method: 'POST', path: `${pathOf(identifier)}/splits`, body });
      const others = decision.identifiers.length - 1;
      const parted =
        options.from === undefined && others > 1 ? `parted from ${others} identifiers` : 'different people';
      print(options, decision, `Decided: ${parted}, for good (decision ${decision.decisionId}).`);
    });
  add('quarantine', 'links that were not made, newest first, and why')
    .option('--reason <reason>', 'only this one: over-limit, attach-only, shared, too-many-links, entangled ...')
    .option('--limit <number>', 'how many', '100')
    .action(async (options: QuarantineOptions) => {
      const reason = options.reason === undefined ? '' : `&reason=${encodeURIComponent(options.reason)}`;
      const path = `/v1/identities?limit=${encodeURIComponent(options.limit)}${reason}`;
      const links = await ask<readonly QuarantinedLinkDto[]>(options, { path });
      print(options, links, links.length === 0 ? 'There are none.' : quarantineText(links));
    });
  return command;
}

async function ask<T>(options: EndpointOptions, call: ApiCall): Promise<T> {
  const unknown = new CommandError('The identity graph does not know this identifier.', {
    hint: 'Give it as it was sent, or with its type: email:ada@example.com. What was just sent takes a moment.',
  });
  const response = await callApi(await readEndpoints(options), call, unknown);
  return (await response.json()) as T;
}

function pathOf(identifier: string): string {
  return `/v1/identities/${encodeURIComponent(identifier)}`;
}

interface Named {
  readonly type: string;
  readonly hash: string;
  readonly value: string | null;
  readonly profileId?: string;
}

/** Where no profile holds the value any more, something that `rapport identity show` takes. */
function nameOf({ type, hash, value, profileId }: Named): string {
  if (value !== null) return `${type} ${printable(value)}`;
  return profileId === undefined ? `${type} #${hash}` : `${type} of ${profileId}`;
}

function graphText({ profileId, identifiers, links, isCut }: IdentityGraphDto): string {
  const people = textTable(
    [{ title: 'identifier' }, { title: 'first seen' }, { title: 'seen with' }, { title: 'quarantined' }],
    identifiers.map((one) => [
      nameOf(one),
      one.firstSeenAt,
      Object.entries(one.seenWith)
        .map(([type, count]) => `${count} ${type}`)
        .join(', '),
      one.quarantined ?? '',
    ]),
  );
  const between = textTable(
    [{ title: 'link' }, { title: 'with' }, { title: 'by' }, { title: 'since' }, { title: 'quarantined' }],
    links.map(({ first, second, by, since, quarantined }) => [
      nameOf(first),
      nameOf(second),
      by,
      since,
      quarantined ?? '',
    ]),
  );
  const more = isCut ? '\n\nThere is more than is shown.' : '';
  return `Profile ${profileId}\n\n${people}\n\n${links.length === 0 ? 'It is linked with nothing.' : between}${more}`;
}

function previewText({ joins, refusal, survivorId, profiles, consentConflicts }: LinkPreviewDto): string {
  const verdict =
    profiles.length === 1
      ? 'They are one person already.'
      : joins
        ? `They would be one person, under the profile ${survivorId}.`
        : `They would stay apart: ${refusal ?? 'kept-apart'}.`;
  const table = textTable(
    [{ title: 'profile' }, { title: 'identifiers' }, { title: 'touchpoints', align: 'right' }],
    profiles.map(({ profileId, identifiers, touchpoints }) => [
      profileId,
      Object.entries(identifiers)
        .map(([type, count]) => `${count} ${type}`)
        .join(', '),
      touchpoints === null ? '?' : String(touchpoints),
    ]),
  );
  const conflicts = consentConflicts.map(
    ({ purpose, channel, statuses }) => `  ${purpose} by ${channel}: ${statuses.join(' / ')}`,
  );
  const consents =
    conflicts.length === 0
      ? 'Their consents do not disagree.'
      : `Their consents disagree; the most restrictive would hold:\n${conflicts.join('\n')}`;
  return `${verdict}\n\n${table}\n\n${consents}`;
}

function quarantineText(links: readonly QuarantinedLinkDto[]): string {
  return textTable(
    [{ title: 'since' }, { title: 'reason' }, { title: 'identifier' }, { title: 'with' }],
    links.map(({ since, reason, first, second }) => [since, reason, nameOf(first), nameOf(second)]),
  );
}
