import { Command } from 'commander';
import { attributionCommand } from './commands/attribution.js';
import { auditCommand } from './commands/audit.js';
import { consentsCommand } from './commands/consents.js';
import { deadLettersCommand } from './commands/dead-letters.js';
import { demoCommand } from './commands/demo.js';
import { duplicatesCommand } from './commands/duplicates.js';
import { eraseCommand } from './commands/erase.js';
import { experimentCommand } from './commands/experiment.js';
import { exportCommand } from './commands/export.js';
import { flowCommand } from './commands/flow.js';
import { identityCommand } from './commands/identity.js';
import { keysCommand } from './commands/keys.js';
import { masterKeyCommand } from './commands/master-key.js';
import { importCommand } from './commands/import.js';
import { profileCommand } from './commands/profile.js';
import { qualityCommand } from './commands/quality.js';
import { replayCommand } from './commands/replay.js';
import { scorecardCommand } from './commands/scorecard.js';
import { sqlCommand } from './commands/sql.js';
import { stateCommand } from './commands/state.js';
import { suppressionsCommand } from './commands/suppressions.js';
import { type Terminal } from './terminal.js';

/** The command line `rapport`: a client of a running Rapport. */
export function rapportProgram(terminal: Terminal): Command {
  const program = new Command('rapport')
    .description('Rapport: record every touchpoint once, compute everything else from the log.')
    .addHelpText('after', '\nExit codes: 0 done, 1 failed or wrong usage, 2 Rapport is not running.')
    .showHelpAfterError('(rapport --help lists the commands)');
  const commands = [
    demoCommand(terminal),
    importCommand(terminal),
    flowCommand(terminal),
    sqlCommand(terminal),
    scorecardCommand(terminal),
    attributionCommand(terminal),
    experimentCommand(terminal),
    profileCommand(terminal),
    duplicatesCommand(terminal),
    identityCommand(terminal),
    qualityCommand(terminal),
    consentsCommand(terminal),
    suppressionsCommand(terminal),
    keysCommand(terminal),
    replayCommand(terminal),
    stateCommand(terminal),
    deadLettersCommand(terminal),
    masterKeyCommand(terminal),
    eraseCommand(terminal),
    exportCommand(terminal),
    auditCommand(terminal),
  ];
  for (const command of [program, ...commands, ...commands.flatMap(({ commands: below }) => below)]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    });
  }
  for (const command of commands) program.addCommand(command);
  return program;
}
