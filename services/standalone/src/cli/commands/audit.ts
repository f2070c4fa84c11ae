import { Command } from 'commander';
import { CommandError } from '../command-error.js';
import { readEndpoints, withEndpointOptions, type EndpointOptions } from '../endpoints.js';
import { callApi } from '../query-api.js';
import { type Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';

interface ListOptions extends EndpointOptions {
  readonly target?: string;
  readonly action?: string;
  readonly actor?: string;
  readonly limit?: string;
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

/** `rapport audit list|verify`: who changed or read what. */
export function auditCommand(terminal: Terminal): Command {
  const command = new Command('audit').description('who changed or read what; and whether that record is whole');
  const list = command
    .command('list', { isDefault: true })
    .description('list the newest entries, newest first')
    .option('--target <id>', 'only entries about this profile id, erasure id or file')
    .option('--action <action>', 'only this action, for example "POST /v1/erasures"')
    .option('--actor <actor>', 'only this actor')
    .option('--limit <n>', 'how many', '50')
    .option('--json', 'print one JSON object a line');
  withEndpointOptions(list).action(async (options: ListOptions) => {
    const { target, action, actor, limit } = options;
    const given = Object.entries({ target, action, actor, limit }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const answer = await callApi(await readEndpoints(options), {
      path: `/v1/audit?${new URLSearchParams(given).toString()}`,
    });
    const entries = (await answer.json()) as Entry[];
    if (options.json) for (const entry of entries) terminal.print(JSON.stringify(entry));
    else terminal.print(entries.length === 0 ? 'There are no entries.' : table(entries));
  });
  const verify = command
    .command('verify')
    .description('follow the chain of hashes from the first entry to the newest')
    .option('--expect <sequence:hash>', 'an entry noted earlier that must still be the same')
    .option('--json', 'print JSON');
  withEndpointOptions(verify).action((options: VerifyOptions) => verifyChain(terminal, options));
  return command;
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
    throw new CommandError(`The audit log is not whole:\n${lines}`);
  }
}

async function differs(
  endpoints: Awaited<ReturnType<typeof readEndpoints>>,
  expected: string,
): Promise<Verification['faults']> {
  const [, sequence, hash] = /^(\d+):([0-9a-f]{64})$/.exec(expected) ?? [];
  if (sequence === undefined)
    throw new CommandError('--expect wants sequence:hash, as rapport audit verify prints it.');
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
