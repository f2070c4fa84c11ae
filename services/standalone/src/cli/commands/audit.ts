import { Command } from 'commander';
import { CommandError } from '../command-error.js';
import { readEndpoints, withEndpointOptions, type EndpointOptions } from '../endpoints.js';
import { startProgress, type Progress } from '../progress.js';
import { callApi } from '../query-api.js';
import { type Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';

interface ListOptions extends EndpointOptions {
  readonly target?: string;
  readonly action?: string;
  readonly actor?: string;
  readonly before?: string;
  readonly limit: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

interface VerifyOptions extends EndpointOptions {
  readonly expect?: string;
  readonly json?: boolean;
}

interface Entry {
  readonly sequence: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly details: Readonly<Record<string, string>>;
  readonly hash: string;
}

interface Verification {
  readonly entries: number;
  readonly head: string;
  readonly faults: readonly { readonly sequence: number; readonly fault: string }[];
}

type Endpoints = Awaited<ReturnType<typeof readEndpoints>>;

/** As many as the API gives at once. */
const mostInPage = '1000';

/** `rapport audit list|verify`: who changed or read what. */
export function auditCommand(terminal: Terminal): Command {
  const command = new Command('audit').description('who changed or read what; and whether that record is whole');
  const list = command
    .command('list', { isDefault: true })
    .description('list the newest entries, newest first')
    .option('--target <id>', 'only entries about this profile id, erasure id or file')
    .option('--action <action>', 'only this action, for example "POST /v1/erasures"')
    .option('--actor <actor>', 'only this actor')
    .option('--before <sequence>', 'only entries before this one')
    .option('--limit <n>', 'how many, at most 1000', '50')
    .option('--all', 'every entry back to the first, however many')
    .option('--json', 'print one JSON object a line');
  withEndpointOptions(list).action((options: ListOptions) => listEntries(terminal, options));
  const verify = command
    .command('verify')
    .description('follow the chain of hashes from the first entry to the newest')
    .option('--expect <sequence:hash>', 'an entry noted earlier that must still be the same')
    .option('--json', 'print JSON');
  withEndpointOptions(verify).action((options: VerifyOptions) => verifyChain(terminal, options));
  return command;
}

async function listEntries(terminal: Terminal, options: ListOptions): Promise<void> {
  const endpoints = await readEndpoints(options);
  const entries: Entry[] = [];
  for await (const page of options.all
    ? allPages(terminal, endpoints, options)
    : [await readPage(endpoints, options)]) {
    if (options.json) for (const entry of page) terminal.print(JSON.stringify(entry));
    else entries.push(...page);
  }
  if (!options.json) terminal.print(entries.length === 0 ? 'There are no entries.' : table(entries));
}

type Filter = Pick<ListOptions, 'target' | 'action' | 'actor' | 'before' | 'limit'>;

/** Newest first. What is written while we read, this reading itself included, is newer than the first page. */
async function* allPages(terminal: Terminal, endpoints: Endpoints, filter: Filter): AsyncGenerator<readonly Entry[]> {
  let progress: Progress | undefined;
  let newest = 0;
  let page = await readPage(endpoints, { ...filter, limit: mostInPage });
  try {
    while (page.length > 0) {
      yield page;
      const oldest = page[page.length - 1]?.sequence ?? 1;
      newest ||= page[0]?.sequence ?? 0;
      progress ??= startProgress(terminal, 'Entries', newest);
      progress.update(newest - oldest + 1);
      if (oldest === 1) return;
      page = await readPage(endpoints, { ...filter, limit: mostInPage, before: String(oldest) });
    }
  } finally {
    progress?.stop();
  }
}

async function readPage(endpoints: Endpoints, filter: Filter): Promise<readonly Entry[]> {
  const { target, action, actor, before, limit } = filter;
  const given = Object.entries({ target, action, actor, before, limit }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const answer = await callApi(endpoints, { path: `/v1/audit?${new URLSearchParams(given).toString()}` });
  return (await answer.json()) as Entry[];
}

async function verifyChain(terminal: Terminal, options: VerifyOptions): Promise<void> {
  const endpoints = await readEndpoints(options);
  const answer = await callApi(endpoints, { path: '/v1/audit/verification' });
  const { entries, head, faults } = (await answer.json()) as Verification;
  const unexpected = options.expect === undefined ? [] : await differs(endpoints, options.expect);
  const all = [...faults, ...unexpected];
  if (options.json) terminal.print(JSON.stringify({ entries, head, faults: all }));
  else if (all.length === 0) terminal.print(`The chain of ${entries} entries is whole. Newest: ${entries}:${head}`);
  if (all.length > 0) {
    const lines = all.map(({ sequence, fault }) => `entry ${sequence} ${fault}`).join('\n');
    throw new CommandError(`The audit log is not whole:\n${lines}`, {
      hint: 'Somebody changed what stands in PostgreSQL (audit.entries). Compare it with a backup, and with the topic audit-entries.',
    });
  }
}

async function differs(endpoints: Endpoints, expected: string): Promise<Verification['faults']> {
  const [, sequence, hash] = /^(\d+):([0-9a-f]{64})$/.exec(expected) ?? [];
  if (sequence === undefined)
    throw new CommandError(`--expect ${expected} is no sequence:hash.`, { hint: 'rapport audit verify prints one.' });
  const answer = await callApi(endpoints, { path: `/v1/audit?limit=1&before=${Number(sequence) + 1}` });
  const [entry] = (await answer.json()) as Entry[];
  return entry?.sequence === Number(sequence) && entry.hash === hash
    ? []
    : [{ sequence: Number(sequence), fault: 'is not the one that was noted' }];
}

function table(entries: readonly Entry[]): string {
  const columns = ['#', 'when', 'who', 'what', 'about', 'details'].map((title) => ({ title }));
  return textTable(
    columns,
    entries.map(({ sequence, at, actor, action, target, details }) => [
      String(sequence),
      at,
      actor,
      action,
      target,
      Object.entries(details)
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
    ]),
  );
}
