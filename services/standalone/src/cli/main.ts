import { enableCompileCache } from 'node:module';
import { CommanderError } from 'commander';
import { reportFailure } from './command-error.js';
import { rapportProgram } from './program.js';
import { terminalOf } from './terminal.js';

// For what a command loads of its own.
enableCompileCache();
const terminal = terminalOf(process.stdout, process.stderr);
// A reader that has seen enough (`rapport flow | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
try {
  await rapportProgram(terminal).parseAsync(process.argv);
} catch (error) {
  // Commander has printed its own message already: usage, help or version.
  process.exitCode =
    error instanceof CommanderError
      ? error.exitCode
      : reportFailure(error, terminal, { json: process.argv.includes('--json') });
}
// Whoever reads through a pipe gets all of it: what was written is not yet read by then, and an exit throws it away.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
// What a library has not closed may not keep a command that is done from ending.
process.exit();
