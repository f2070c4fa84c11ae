import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import path from 'node:path';
import { temporaryFolder } from '@rapport/testing';

const program = path.resolve(import.meta.dirname, '../../dist/cli/main.js');

it('gives all of a long answer to a reader that comes late, and ends well', async () => {
  const folder = temporaryFolder();
  const page = Array.from({ length: 1000 }, (_, i) => ({ sequence: 1000 - i, hash: 'f'.repeat(1000) }));
  const server = createServer((_, response) => response.end(JSON.stringify(page))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const http = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clickhouse = { url: http, database: 'rapport', username: 'analyst', password: '' };
  const endpoints = { http, apiKey: 'secret', writeKey: 'write', clickhouse, postgres: 'postgres://127.0.0.1' };
  writeFileSync(path.join(folder.path, 'endpoints.json'), JSON.stringify(endpoints));
  try {
    const command = spawn(process.execPath, [program, 'audit', '--json', '--data-dir', folder.path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(command, 'close');
    // The pipe is full by then: the rest of what was said is still in the process.
    await once(command.stdout, 'readable');
    await new Promise((later) => setTimeout(later, 500));
    let said = '';
    for await (const chunk of command.stdout.setEncoding('utf8')) said += String(chunk);
    const sequences = said
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { sequence: number }).sequence);
    expect(sequences).toEqual(page.map(({ sequence }) => sequence));
    expect(await ended).toEqual([0, null]);
  } finally {
    server.closeAllConnections();
    server.close();
    folder.remove();
  }
});

it('runs a replay with room for its garbage, in the process that was started', () => {
  const bin = path.resolve(path.dirname(program), '../../bin/rapport.js');
  const tell = "console.error('started', process.pid, ...process.execArgv)";
  const { status, pid, stderr } = spawnSync(process.execPath, [bin, 'replay', 'nothing', '--json'], {
    encoding: 'utf8',
    env: { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(tell)}` },
  });
  const started = stderr.split('\n').filter((line) => line.startsWith('started'));
  expect(started.at(-1)).toBe(`started ${pid} --max-semi-space-size=64`);
  expect(stderr).toContain('There is nothing to replay by the name of nothing.');
  expect(status).toBe(1);
});

it('starts without what only some commands need', () => {
  const script = `import { registerHooks } from 'node:module';
    const load = (url, context, next) => (console.log(url), next(url, context));
    registerHooks({ load });
    await import(${JSON.stringify(path.join(path.dirname(program), 'program.js'))});`;
  const loaded = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).split(
    '\n',
  );
  expect(loaded.some((url) => url.endsWith('/commands/flow.js'))).toBe(true);
  expect(loaded.filter((url) => /\/(@nestjs|kafkajs|lmdb|pg)\//.test(url))).toEqual([]);
});
