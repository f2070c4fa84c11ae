import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { eventually } from './eventually.js';

/** What a running Rapport wrote into `endpoints.json`. */
export interface RunningEndpoints {
  readonly http: string;
  /** Where health and metrics of the consumers are. */
  readonly consumers: string;
  readonly writeKey: string;
  readonly apiKey: string;
  readonly clickhouse: {
    readonly url: string;
    readonly database: string;
    readonly username: string;
    readonly password: string;
  };
  readonly postgres: string;
}

export interface ProcessOptions {
  /** Absolute path of the built program. */
  readonly program: string;
  readonly args?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** A program of ours in a process of its own, with what it said. */
export class RapportProcess {
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown>;
  private said = '';

  constructor({ program, args = [], environment }: ProcessOptions) {
    this.child = spawn(process.execPath, [program, ...args], {
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.closed = new Promise((resolve) => this.child.once('close', resolve));
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.said += chunk;
      });
  }

  /** All that it said so far, from its start. */
  get output(): string {
    return this.said;
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Ends it at once; with `descendants` every process it started goes in the same moment. */
  async kill({ descendants = false } = {}): Promise<void> {
    const victims = descendants ? [...descendantsOf(this.pid), this.pid] : [this.pid];
    for (const pid of victims) signal(pid, 'SIGKILL');
    await this.hasEnded();
  }

  /** Its own children, not theirs, whose command line fits; none but on Linux. */
  children(commandLine: RegExp): readonly number[] {
    return childrenOf(this.pid).filter((pid) => commandLine.test(commandLineOf(pid)));
  }

  /** Asks it to stop, as Ctrl-C does, and waits. Returns the exit code. */
  async stop(): Promise<number | null> {
    signal(this.pid, 'SIGTERM');
    await this.hasEnded();
    return this.child.exitCode;
  }

  async hasEnded(): Promise<void> {
    if (this.ended) return;
    await new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
  }

  /** Waits until a command has ended and gives all that it said; no process that it started may outlive it. */
  async finished(): Promise<string> {
    await this.closed;
    return this.said;
  }
}

/** Starts the standalone program on a data folder and waits until everything serves. */
export async function startStandaloneProcess(
  options: ProcessOptions & { readonly dataDir: string },
  withinMs = 180_000,
): Promise<{ readonly process: RapportProcess; readonly endpoints: RunningEndpoints }> {
  const file = path.join(options.dataDir, 'endpoints.json');
  rmSync(file, { force: true });
  const started = new RapportProcess({
    ...options,
    environment: { ...options.environment, RAPPORT_DATA_DIR: options.dataDir },
  });
  try {
    const endpoints = await eventually(() => {
      if (started.ended) return undefined;
      return JSON.parse(readFileSync(file, 'utf8')) as RunningEndpoints;
    }, withinMs);
    if (endpoints) return { process: started, endpoints };
  } catch (error) {
    await started.kill({ descendants: true });
    throw new Error(`Rapport did not serve within ${withinMs} ms:\n${started.output.slice(-20_000)}`, { cause: error });
  }
  throw new Error(`Rapport ended before it served:\n${started.output.slice(-20_000)}`);
}

/** Every living descendant, from Linux's process table; on other systems none are found and only the parent is killed. */
function descendantsOf(pid: number): number[] {
  const parents = parentsOfAll();
  const found: number[] = [];
  const generation = [pid];
  for (let parent = generation.pop(); parent !== undefined; parent = generation.pop()) {
    const children = childrenOf(parent, parents);
    found.push(...children);
    generation.push(...children);
  }
  return found;
}

function childrenOf(pid: number, parents = parentsOfAll()): number[] {
  return [...parents].filter(([, parent]) => parent === pid).map(([child]) => child);
}

function parentsOfAll(): ReadonlyMap<number, number> {
  const parents = new Map<number, number>();
  for (const entry of processEntries()) {
    try {
      const status = readFileSync(`/proc/${entry}/stat`, 'utf8');
      parents.set(Number(entry), Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended while we looked.
    }
  }
  return parents;
}

function processEntries(): readonly string[] {
  try {
    return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  } catch {
    return [];
  }
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
