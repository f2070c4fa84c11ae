import { Command, Option } from 'commander';
import { CommandError } from '../command-error.js';
import { readEndpoints, withEndpointOptions, type EndpointOptions } from '../endpoints.js';
import { callApi } from '../query-api.js';
import { type Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';

interface Suppression {
  readonly type: string;
  readonly hash: string;
  readonly scope: string;
  readonly reason: string;
  readonly since: string;
}

interface IdentifierOptions extends EndpointOptions {
  readonly type: string;
  readonly json?: boolean;
}

interface AddOptions extends IdentifierOptions {
  readonly scope: string;
  readonly reason: string;
}

const notListed = new CommandError('This identifier is not on the list.', {
  hint: 'Give its --type if it is no email address. It may be there by another identifier of the person: rapport suppressions list',
});

/** `rapport suppressions add|list|find|remove`: whom nobody may write to, by keyed hash. */
export function suppressionsCommand(terminal: Terminal): Command {
  const command = new Command('suppressions').description(
    'identifiers that nothing is sent to and no import brings back',
  );
  const say = (text: string, value: unknown, { json }: { readonly json?: boolean }): void =>
    terminal.print(json ? JSON.stringify(value) : text);
  const list = command
    .command('list')
    .description('list them, newest first')
    .option('--json', 'print one JSON object a line');
  withEndpointOptions(list).action(async (options: EndpointOptions & { readonly json?: boolean }) => {
    const answer = await callApi(await readEndpoints(options), { path: '/v1/suppressions' });
    const suppressions = (await answer.json()) as Suppression[];
    if (options.json) for (const suppression of suppressions) terminal.print(JSON.stringify(suppression));
    else terminal.print(suppressions.length === 0 ? 'The list is empty.' : table(suppressions));
  });
  withIdentifier(command.command('add').description('put an identifier on the list'))
    .addOption(
      new Option('--scope <scope>', 'imports, or everything').choices(['imports', 'everything']).default('imports'),
    )
    .requiredOption('--reason <reason>', 'why, for example complaint')
    .action(async (value: string, options: AddOptions) => {
      const { type, scope, reason } = options;
      const answer = await post(options, '', { type, value, scope, reason });
      say('It is on the list.', await answer.json(), options);
    });
  withIdentifier(command.command('find').description('whether an identifier is on the list')).action(
    async (value: string, options: IdentifierOptions) => {
      const found = (await (await post(options, '/find', { type: options.type, value })).json()) as Suppression;
      say(table([found]), found, options);
    },
  );
  withIdentifier(command.command('remove').description('take an identifier off the list')).action(
    async (value: string, options: IdentifierOptions) => {
      await post(options, '/remove', { type: options.type, value });
      say('It is off the list.', { removed: true }, options);
    },
  );
  return command;
}

function withIdentifier(command: Command): Command {
  return withEndpointOptions(command)
    .argument('<identifier>', 'in the clear; only its keyed hash is kept')
    .option(
      '--type <type>',
      'email, phone, userId, anonymousId, external:crm or another type of the identity rules',
      'email',
    )
    .option('--json', 'print JSON on one line');
}

async function post(options: EndpointOptions, path: string, body: object): Promise<Response> {
  return callApi(await readEndpoints(options), { method: 'POST', path: `/v1/suppressions${path}`, body }, notListed);
}

function table(suppressions: readonly Suppression[]): string {
  const columns = ['type', 'hash', 'scope', 'reason', 'since'].map((title) => ({ title }));
  return textTable(
    columns,
    suppressions.map(({ type, hash, scope, reason, since }) => [type, hash, scope, reason, since]),
  );
}
