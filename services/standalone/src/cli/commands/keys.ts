import { Command, InvalidArgumentError, Option } from 'commander';
import { withDataDirOption, type DataDirOption } from '../data-dir.js';
import { type Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';

/** As libs/runtime names them; written out, because loading that would slow every command down. */
const scopes = ['read-profile', 'write', 'read-sql', 'admin'] as const;
type Scope = (typeof scopes)[number];
interface KeysOptions extends DataDirOption {
  readonly json?: boolean;
}

/** `rapport keys create|list|rotate|revoke|sql`: who may use the API, for which workspace and what. */
export function keysCommand(terminal: Terminal): Command {
  const command = new Command('keys').description('make, list, rotate and revoke keys of the API');
  // Loaded only here: every other command starts without the log and the databases.
  const keys = () => import('../api-keys.js');
  const json = () => new Option('--json', 'print JSON on one line');
  const shownOnce = (created: { id: string; key: string }, options: KeysOptions): void => {
    terminal.print(options.json ? JSON.stringify(created) : created.key);
    if (!options.json) terminal.note(`key ${created.id}; it is shown this once and kept nowhere`);
  };
  withDataDirOption(command.command('create'))
    .description('make a key and print it, once')
    .argument('<name>', 'who or what will use it')
    .option('--workspace <id>', 'the one workspace it opens', 'default')
    .addOption(
      new Option('--scopes <scopes>', `what it may do, with commas: ${scopes.join(', ')}`)
        .argParser(scopesFrom)
        .default(['read-profile'], 'read-profile'),
    )
    .option('--days <days>', 'days until it expires', daysFrom)
    .addOption(json())
    .action(async (name: string, options: { workspace: string; scopes: Scope[]; days?: number } & KeysOptions) => {
      const wanted = { name, workspaceId: options.workspace, scopes: options.scopes, days: options.days };
      shownOnce(await (await keys()).createKey(options, wanted), options);
    });
  withDataDirOption(command.command('list'))
    .description('list them; secrets are not kept')
    .option('--json', 'print one JSON object a line')
    .action(async (options: KeysOptions) => {
      const listed = await (await keys()).listKeys(options);
      if (options.json) for (const key of listed) terminal.print(JSON.stringify(key));
      else terminal.print(listed.length === 0 ? 'There are none beside the key of the installation.' : table(listed));
    });
  withDataDirOption(command.command('rotate'))
    .description('make a key with the same rights; the old one opens for a while longer')
    .argument('<id>', 'id of the old key, from the list')
    .option('--overlap <days>', 'days until the old one expires', daysFrom, 7)
    .addOption(json())
    .action(async (id: string, options: { overlap: number } & KeysOptions) => {
      shownOnce(await (await keys()).rotateKey(options, id, options.overlap), options);
    });
  withDataDirOption(command.command('revoke'))
    .description('close a key at once')
    .argument('<id>', 'id of the key, from the list')
    .addOption(json())
    .action(async (id: string, options: KeysOptions) => {
      await (await keys()).revokeKey(options, id);
      terminal.print(options.json ? JSON.stringify({ id, revoked: true }) : `Key ${id} is revoked.`);
    });
  addSqlCommand(command, terminal);
  return command;
}

function addSqlCommand(command: Command, terminal: Terminal): void {
  withDataDirOption(command.command('sql'))
    .description('print the ClickHouse user that asks for one workspace only')
    .option('--workspace <id>', 'the workspace', 'default')
    .option('--json', 'print JSON on one line')
    .action(async (options: { workspace: string } & KeysOptions) => {
      const user = await (await import('../api-keys.js')).sqlUserOf(options, options.workspace);
      const { url, username, password } = user;
      terminal.print(options.json ? JSON.stringify(user) : `url ${url}\nuser ${username}\npassword ${password}`);
    });
}

function scopesFrom(text: string): Scope[] {
  const named = text.split(',').map((scope) => scope.trim());
  const known = named.filter((scope): scope is Scope => scopes.some((one) => one === scope));
  if (known.length < named.length) throw new InvalidArgumentError(`Name some of ${scopes.join(', ')}.`);
  return known;
}

function daysFrom(text: string): number {
  const days = Number(text);
  if (!Number.isFinite(days) || days < 0 || text.trim() === '')
    throw new InvalidArgumentError('Give a number of days.');
  return days;
}

function table(
  listed: readonly {
    readonly id: string;
    readonly workspace: string;
    readonly name: string;
    readonly scopes: readonly string[];
    readonly expires: string | null;
    readonly replacedBy: string | null;
  }[],
): string {
  const columns = ['id', 'workspace', 'name', 'scopes', 'expires', 'replaced by'].map((title) => ({ title }));
  return textTable(
    columns,
    listed.map(({ id, workspace, name, scopes: may, expires, replacedBy }) => [
      ...[id, workspace, name, may.join(', '), expires ?? 'never', replacedBy ?? ''],
    ]),
  );
}
