import type { DuplicateDecisionDto, DuplicatesDto } from '@rapport/service-query';
import { Command } from 'commander';
import { CommandError } from '../command-error.js';
import { withDataDirOption, type DataDirOption } from '../data-dir.js';
import { readEndpoints, withEndpointOptions, type EndpointOptions } from '../endpoints.js';
import { startProgress } from '../progress.js';
import { callApi, type ApiCall } from '../query-api.js';
import { printable, type Terminal } from '../terminal.js';
import { textTable, type TextColumn } from '../text-table.js';

type Suggestion = DuplicatesDto['suggestions'][number];

interface JsonOption {
  readonly json?: boolean;
}

interface SearchOptions extends DataDirOption, JsonOption {
  readonly workspace?: string;
}

/** `rapport duplicates search|list|accept|refuse`: profiles that are probably one person, for somebody to look at. */
export function duplicatesCommand(terminal: Terminal): Command {
  const command = new Command('duplicates').description('find profiles that are probably one person, and review them');
  withDataDirOption(command.command('search'))
    .description('compare all profiles now; it happens every night by itself where Rapport runs embedded')
    .option('--workspace <id>', 'the workspace to search; all without it')
    .option('--json', 'print one JSON object a workspace')
    .action((options: SearchOptions) => search(terminal, options));
  withEndpointOptions(command.command('list', { isDefault: true }))
    .description('list the suggestions, most probable first')
    .option('--limit <n>', 'how many', '50')
    .option('--json', 'print JSON on one line')
    .action(async (options: EndpointOptions & JsonOption & { readonly limit: string }) => {
      const found = await ask<DuplicatesDto>(options, {
        path: `/v1/duplicates?limit=${encodeURIComponent(options.limit)}`,
      });
      terminal.print(options.json ? JSON.stringify(found) : listText(found));
    });
  for (const [name, verdict, description] of [
    ['accept', 'accepted', 'they are one person: link them'],
    ['refuse', 'refused', 'they are two: never suggest them again'],
  ] as const) {
    withEndpointOptions(command.command(`${name} <id>`))
      .description(description)
      .option('--json', 'print JSON on one line')
      .action(async (id: string, options: EndpointOptions & JsonOption) => {
        const call: ApiCall = { method: 'POST', path: `/v1/duplicates/${encodeURIComponent(id)}/${verdict}` };
        const { decisionId } = await ask<DuplicateDecisionDto>(options, call);
        terminal.print(
          options.json ? JSON.stringify({ decisionId }) : `${verdict}: decision ${decisionId} is on the log.`,
        );
      });
  }
  return command;
}

async function search(terminal: Terminal, options: SearchOptions): Promise<void> {
  // Loaded only here: every other command starts without the services.
  const { loadDuplicateRules, searchDuplicates } = await import('@rapport/service-query');
  const { loadWorkspaces } = await import('@rapport/runtime');
  const { withPlatform } = await import('../with-platform.js');
  await withPlatform(options, async (platform) => {
    const rules = await loadDuplicateRules(platform.config);
    const declared = await loadWorkspaces(platform.config);
    const wanted = declared.filter(({ id }) => options.workspace === undefined || id === options.workspace);
    if (wanted.length === 0) {
      const hint = `Declared are: ${declared.map(({ id }) => id).join(', ')}.`;
      throw new CommandError(`No workspace is called ${options.workspace ?? ''}.`, { hint });
    }
    for (const { id } of wanted) {
      let progress: ReturnType<typeof startProgress> | undefined;
      const found = await searchDuplicates(platform, id, rules, (read, all) => {
        progress ??= startProgress(terminal, id, all);
        progress.update(read);
      });
      progress?.stop();
      const { profiles, candidates, suggestions, neededBits } = found;
      const count = (figure: number): string => figure.toLocaleString('en');
      if (options.json) terminal.print(JSON.stringify({ workspace: id, ...found }));
      else
        terminal.print(
          `${id}: ${count(suggestions)} suggestions among ${count(profiles)} profiles ` +
            `(${count(candidates)} pairs compared, ${neededBits.toFixed(1)} bits of evidence needed).`,
        );
    }
  });
}

async function ask<T>(options: EndpointOptions, call: ApiCall): Promise<T> {
  const unknown = new CommandError('No open suggestion has this id.', { hint: 'rapport duplicates list shows them.' });
  return (await (await callApi(await readEndpoints(options), call, unknown)).json()) as T;
}

const columns: readonly TextColumn[] = [
  { title: '' },
  { title: 'one profile' },
  { title: 'the other' },
  { title: 'bits', align: 'right' },
];

function listText({ searchedAt, suggestions, profiles }: DuplicatesDto): string {
  if (searchedAt === null) return 'Nobody has searched yet: rapport duplicates search';
  if (suggestions.length === 0) return `No open suggestions; ${profiles} profiles were compared at ${searchedAt}.`;
  return suggestions.map(suggestionText).join('\n\n');
}

function suggestionText({ id, profileIds: [one, other], probability, isByGroup, evidence }: Suggestion): string {
  const rows = evidence.map(({ field, values, bits }) => [
    ...[field, ...values.map((value) => printable(value ?? ''))],
    `${bits > 0 ? '+' : ''}${bits.toFixed(1)}`,
  ]);
  const table = textTable(columns, [['profile', one, other, ''], ...rows]);
  const how = isByGroup ? ', by others of their group' : '';
  return `${id}  probability ${probability.toFixed(4)}${how}\n${table}`;
}
