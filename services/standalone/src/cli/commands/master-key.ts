import { Command } from 'commander';
import { withDataDirOption, type DataDirOption } from '../data-dir.js';
import { type MasterKeyUse } from '../master-key.js';
import { startProgress, type Progress } from '../progress.js';
import { type Terminal } from '../terminal.js';
import { textTable } from '../text-table.js';

interface MasterKeyCommandOptions extends DataDirOption {
  readonly forgetOlder?: boolean;
  readonly json?: boolean;
}

/** `rapport master-key status|new|rotate`: the key that wraps the keys of all people. */
export function masterKeyCommand(terminal: Terminal): Command {
  const command = new Command('master-key').description(
    'see, renew and rotate the key that wraps the keys of all people',
  );
  // Loaded only here: every other command starts without the log and the databases.
  const masterKey = () => import('../master-key.js');
  withDataDirOption(command.command('status'))
    .description('how many data keys each master key wraps')
    .option('--json', 'print JSON')
    .action(async (options: MasterKeyCommandOptions) => {
      const uses = await (await masterKey()).readMasterKeyUse(options);
      terminal.print(options.json ? JSON.stringify(uses) : table(uses));
    });
  withDataDirOption(command.command('new'))
    .description(
      'make a new current master key in secrets.json; then rotate. Distributed: set RAPPORT_MASTER_KEY instead',
    )
    .option('--json', 'print JSON')
    .action(async (options: MasterKeyCommandOptions) => {
      await (await masterKey()).makeMasterKey(options);
      terminal.print(
        options.json ? JSON.stringify({ made: true }) : 'There is a new master key. Next: rapport master-key rotate',
      );
    });
  withDataDirOption(command.command('rotate'))
    .description('wrap every data key under the current master key; cut off, it is simply started again')
    .option('--forget-older', 'afterwards take the older master keys out of secrets.json')
    .option('--json', 'print JSON')
    .action(async (options: MasterKeyCommandOptions) => rotate(terminal, options, (await masterKey()).rotate));
  return command;
}

async function rotate(
  terminal: Terminal,
  { forgetOlder = false, json, ...dataDir }: MasterKeyCommandOptions,
  run: typeof import('../master-key.js').rotate,
): Promise<void> {
  let progress: Progress | undefined;
  try {
    const rotated = await run({
      ...dataDir,
      forgetOlder,
      onProgress: (done, total) => {
        if (total > 0) (progress ??= startProgress(terminal, 'Rotating', total)).update(done);
      },
    });
    progress?.stop();
    terminal.print(
      json
        ? JSON.stringify(rotated)
        : `${rotated.rewrapped.toLocaleString('en')} of ${rotated.total.toLocaleString('en')} data keys were wrapped anew; the current master key wraps them all.`,
    );
  } finally {
    progress?.stop();
  }
}

function table(uses: readonly MasterKeyUse[]): string {
  return textTable(
    [{ title: 'master key' }, { title: 'data keys', align: 'right' }, { title: '' }],
    uses.map(({ masterKeyId, dataKeys, current }) => [
      masterKeyId,
      dataKeys.toLocaleString('en'),
      current ? 'current' : dataKeys > 0 ? 'to rotate' : '',
    ]),
  );
}
