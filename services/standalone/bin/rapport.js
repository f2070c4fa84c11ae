#!/usr/bin/env node
// Runs the command line on the Node that Rapport is built for: npm's `node` package brings it where the machine's is older.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const oldestMajor = 24;
/** A replay makes garbage by the hundred megabytes: room for it spares a tenth of the work. */
const roomForGarbage = '--max-semi-space-size=64';
const program = join(dirname(fileURLToPath(import.meta.url)), '../dist/cli/main.js');

if (!existsSync(program)) {
  process.stderr.write('Rapport is not built yet. Run: npm run build\n');
  process.exit(1);
}
const own = process.argv.slice(2);
const options = own[0] === 'replay' ? [roomForGarbage] : [];

if (Number.parseInt(process.versions.node, 10) >= oldestMajor) {
  // In the place of this process, so that whoever ends it ends the replay. Windows cannot do that, and goes on without.
  if (options.length > 0 && process.execve && process.platform !== 'win32')
    process.execve(process.execPath, [process.execPath, ...options, ...process.execArgv, program, ...own], process.env);
  await import(pathToFileURL(program).href);
} else {
  const node = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
  if (!existsSync(node)) {
    process.stderr.write(`Rapport needs Node ${oldestMajor} or newer; this is ${process.version}. Run: npm ci\n`);
    process.exit(1);
  }
  const { status, signal, error } = spawnSync(node, [...options, program, ...own], { stdio: 'inherit' });
  if (error) throw error;
  process.exit(signal ? 1 : (status ?? 1));
}
