import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { letOthersGoFirst, lower } from './priority.js';

const children: ChildProcess[] = [];
/** Whoever runs the tests may have lowered theirs. */
const expected = Math.max(lower, getPriority());

async function running({ detached }: { readonly detached: boolean }): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)'], { detached });
  children.push(child);
  await once(child.stdout, 'data');
  return child.pid ?? -1;
}

const sessionPriority = (pid: number | 'self'): number =>
  Number(/nice (-?\d+)/.exec(readFileSync(`/proc/${pid}/autogroup`, 'utf8'))?.[1]);

const onLinux = process.platform === 'linux' ? it : it.skip;
const withSessions = existsSync('/proc/self/autogroup') ? it : it.skip;

describe('who lets others go first', () => {
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  it('Given a process that runs, it has the lower priority', async () => {
    const pid = await running({ detached: true });
    await letOthersGoFirst(pid);
    expect(getPriority(pid)).toBe(expected);
  });

  onLinux('Given threads that it has made already, they have it too', async () => {
    const pid = await running({ detached: true });
    await letOthersGoFirst(pid);
    const threads = readdirSync(`/proc/${pid}/task`).map(Number);
    expect(threads.length).toBeGreaterThan(1);
    expect(new Set(threads.map((thread) => getPriority(thread)))).toEqual(new Set([expected]));
  });

  withSessions('Given a session of its own, that is lowered with it', async () => {
    const pid = await running({ detached: true });
    await letOthersGoFirst(pid);
    expect(sessionPriority(pid)).toBe(lower);
  });

  withSessions('Given a process in our own session, that stays as it is', async () => {
    const before = sessionPriority('self');
    await letOthersGoFirst(await running({ detached: false }));
    expect(sessionPriority('self')).toBe(before);
  });

  it('Given one that has ended, or never began, nothing happens', async () => {
    const before = getPriority();
    const pid = await running({ detached: true });
    const [child] = children;
    child!.kill('SIGKILL');
    await once(child!, 'exit');
    await letOthersGoFirst(pid);
    await letOthersGoFirst(undefined);
    expect(getPriority()).toBe(before);
  });
});
