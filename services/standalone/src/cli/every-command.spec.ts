import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { loadConfig } from '@rapport/runtime';
import { temporaryFolder } from '@rapport/testing';
import { type Command } from 'commander';
import { CommandError, reportFailure } from './command-error.js';
import { rapportProgram } from './program.js';
import { type Terminal } from './terminal.js';

/** Commands that have to do with no running Rapport, by name. */
const alone: ReadonlySet<string> = new Set(['flow']);

/** What a command wants where "x" will not do: its arguments, and options it cannot do without. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  replay: ['profile'],
  'state export': ['profile'],
  'suppressions add': ['x', '--reason', 'complaint'],
  import: ['package.json', '--mapping', 'online-retail'],
  scorecard: ['--period', '2010-11'],
  'dead-letters show': ['0:17'],
  erase: ['x'],
  attribution: ['orders', '--period', '2010-11'],
};

const silent: Terminal = { print: () => undefined, note: () => undefined, colours: false, progress: undefined };

interface Leaf {
  readonly name: string;
  readonly command: Command;
  readonly arguments: readonly string[];
}

function leaves(command: Command, path: readonly string[]): Leaf[] {
  if (command.commands.length > 0) return command.commands.flatMap((below) => leaves(below, [...path, below.name()]));
  const name = path.join(' ');
  const given = command.registeredArguments.filter(({ required }) => required).map(() => 'x');
  return [{ name, command, arguments: wanted[name] ?? given }];
}

const all = leaves(rapportProgram(silent), []);
const ofARapport = all.filter(({ name }) => !alone.has(name));
const option = ({ command }: Leaf, long: string) => command.options.find((each) => each.long === long);

describe('every command', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  const failureOf = async ({ name, arguments: given }: Leaf, dataDir: string): Promise<CommandError> => {
    const command = [...name.split(' '), ...given, '--data-dir', dataDir];
    const failure: unknown = await rapportProgram(silent)
      .parseAsync(command, { from: 'user' })
      .catch((error: unknown) => error);
    expect([name, failure]).toEqual([name, expect.any(CommandError)]);
    return failure as CommandError;
  };

  it('is known here', () => {
    expect(all.length).toBeGreaterThan(30);
    expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining([...alone, ...Object.keys(wanted)]));
  });

  it.each(all)('$name answers programs too', (leaf) => {
    expect(option(leaf, '--json')?.description).toMatch(/JSON/);
  });

  it.each(ofARapport)('$name takes the data folder by the same option and variable, and says so', (leaf) => {
    const dataDir = option(leaf, '--data-dir');
    expect([dataDir?.flags, dataDir?.envVar]).toEqual(['--data-dir <folder>', 'RAPPORT_DATA_DIR']);
    expect(leaf.command.helpInformation()).toMatch(/--data-dir <folder>\s+data folder of the running Rapport/);
  });

  it.each(ofARapport)('$name says that no Rapport runs on a folder, why, and what to do', async (leaf) => {
    const missing = path.join(folder.path, 'missing');
    const strange = path.join(folder.path, 'strange');
    const stopped = path.join(folder.path, 'stopped');
    mkdirSync(strange);
    loadConfig({ RAPPORT_DATA_DIR: stopped });
    const failures: CommandError[] = [];
    for (const dataDir of [missing, strange, stopped]) failures.push(await failureOf(leaf, dataDir));
    expect(failures.map(({ message }) => message)).toEqual([
      `Rapport is not running: there is no folder ${missing}.`,
      `Rapport is not running on ${strange}, which is no data folder of Rapport: it holds no secrets.json.`,
      `Rapport is not running: there is no ${path.join(stopped, 'endpoints.json')}.`,
    ]);
    for (const failure of failures) {
      expect(failure.hint).toMatch(/npm start[^]*--data-dir/);
      expect(reportFailure(failure, silent, { json: true })).toBe(2);
    }
    // What is named by mistake is left as it was.
    expect([existsSync(missing), readdirSync(strange)]).toEqual([false, []]);
  });
});
