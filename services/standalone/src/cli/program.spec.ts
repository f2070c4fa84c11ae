import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topicNames } from '@rapport/events';
import { CommandError, reportFailure } from './command-error.js';
import { rapportProgram } from './program.js';
import { type Terminal } from './terminal.js';

interface Captured extends Terminal {
  readonly printed: string[];
  readonly noted: string[];
}

const capture = (): Captured => {
  const printed: string[] = [];
  const noted: string[] = [];
  return {
    printed,
    noted,
    print: (text) => void printed.push(text),
    note: (text) => void noted.push(text),
    colours: false,
    progress: undefined,
  };
};

describe('the command line', () => {
  let folder: string;
  let terminal: Captured;
  let server: Server | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rapport-cli-'));
    terminal = capture();
  });
  afterEach(async () => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
    await rm(folder, { recursive: true });
  });

  const run = (...command: string[]) => rapportProgram(terminal).parseAsync(command, { from: 'user' });
  const runWithRapport = (...command: string[]) => run(...command, '--data-dir', folder);
  const endpoints = (http: string) => ({
    http,
    writeKey: 'write',
    apiKey: 'secret',
    clickhouse: { url: http, database: 'rapport', username: 'analyst', password: '' },
    postgres: 'postgres://127.0.0.1',
  });
  const serve = async (answer: RequestListener) => {
    server = createServer(answer);
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await writeFile(join(folder, 'endpoints.json'), JSON.stringify(endpoints(url)));
  };

  it('says why what was sent is not replayed, and what can be', async () => {
    const refused = run('replay', 'deliver');
    await expect(refused).rejects.toThrow(/a message that has left stays sent/);
    await expect(run('replay', 'nothing')).rejects.toMatchObject({
      hint: expect.stringContaining('profile') as string,
    });
    await expect(run('replay', 'profile', '--batch', '0')).rejects.toThrow(/at least 1/);
  });

  it('says which states there are to export', async () => {
    await expect(run('state', 'export', 'profile', 'deliver')).rejects.toMatchObject({
      message: 'There is no projection by the name of deliver.',
      hint: expect.stringContaining('resolve, profile, analyze') as string,
    });
    expect(terminal.printed).toEqual([]);
  });

  it('prints every topic of the log, for people and for programs', async () => {
    await run('flow');
    await run('flow', '--json');
    const [table, json] = terminal.printed;
    for (const topic of topicNames) expect(table).toContain(topic);
    expect((JSON.parse(json ?? '') as { topic: string }[]).map(({ topic }) => topic)).toEqual(topicNames);
  });

  it.each([['demo'], ['sql', 'SELECT 1'], ['profile', 'u1']])(
    'says that Rapport is not running, and how to start it: %s',
    async (...command) => {
      const failure = await runWithRapport(...command).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(CommandError);
      expect(reportFailure(failure, terminal, { json: false })).toBe(2);
      expect(terminal.noted.join('\n')).toMatch(/not running.*npm start/s);
    },
  );

  it('says so too when endpoints.json is left over from a process that is gone', async () => {
    await writeFile(join(folder, 'endpoints.json'), JSON.stringify(endpoints('http://127.0.0.1:9')));
    await expect(runWithRapport('profile', 'u1')).rejects.toMatchObject({ exitCode: 2 });
    await expect(runWithRapport('sql', 'SELECT 1')).rejects.toMatchObject({ exitCode: 2 });
    await expect(runWithRapport('demo', '--customers', '1')).rejects.toMatchObject({ exitCode: 2 });
  });

  it('says that a file of endpoints is not there, and what it should be', async () => {
    await expect(run('profile', 'u1', '--endpoints', 'missing.json')).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/missing\.json cannot be read: there is no such file/) as string,
      hint: expect.stringContaining('endpoints.json') as string,
    });
  });

  it('refuses a damaged endpoints.json by name', async () => {
    await writeFile(join(folder, 'endpoints.json'), '{"http":');
    await expect(runWithRapport('profile', 'u1')).rejects.toThrow(/endpoints\.json is damaged/);
  });

  it('asks the query API for a profile with the API key', async () => {
    const asked: (string | undefined)[] = [];
    await serve((request, response) => {
      asked.push(request.url, request.headers.authorization);
      response.end('{"profileId":"p"}');
    });
    await runWithRapport('profile', 'ada@example.com', '--type', 'email', '--json');
    expect(asked).toEqual(['/v1/profiles/ada%40example.com?type=email', 'Bearer secret']);
    expect(terminal.printed).toEqual(['{"profileId":"p"}']);
  });

  it('reads the whole audit log page by page, and stops at its first entry', async () => {
    const asked: string[] = [];
    await serve((request, response) => {
      const { searchParams } = new URL(request.url ?? '', 'http://rapport');
      asked.push(searchParams.toString());
      // Every reading is itself noted, so that the log grows meanwhile.
      const before = Number(searchParams.get('before') ?? 2501 + asked.length);
      const sequences = Array.from(
        { length: Math.min(Number(searchParams.get('limit')), before - 1) },
        (_, i) => i + 1,
      );
      response.end(JSON.stringify(sequences.map((i) => ({ sequence: before - i, details: {} }))));
    });
    await runWithRapport('audit', '--all', '--json', '--actor', 'cli');
    expect(terminal.printed.map((line) => (JSON.parse(line) as { sequence: number }).sequence)).toEqual(
      Array.from({ length: 2501 }, (_, i) => 2501 - i),
    );
    expect(asked).toEqual([
      'actor=cli&limit=1000',
      'actor=cli&before=1502&limit=1000',
      'actor=cli&before=502&limit=1000',
    ]);
  });

  it('stops too where nothing that is asked for is left, and says when there never was anything', async () => {
    await serve((request, response) => response.end(request.url?.includes('before=') ? '[]' : '[{"sequence":7}]'));
    await runWithRapport('audit', '--all', '--json');
    await runWithRapport('audit', '--all', '--before', '7');
    expect(terminal.printed).toEqual(['{"sequence":7}', 'There are no entries.']);
  });

  it('says that a person is not known, and prints nothing', async () => {
    await serve((_, response) => response.writeHead(404).end('{}'));
    await expect(runWithRapport('profile', 'nobody')).rejects.toThrow('No profile has the identifier nobody.');
    expect(terminal.printed).toEqual([]);
  });

  it.each([
    [['erase', '--verify', 'missing.jws'], /missing\.jws cannot be read: there is no such file/, /erase wrote/],
    [['erase', '--verify', '.'], /cannot be read: it is a folder/, /erase wrote/],
    [['sql', 'missing.sql'], /missing\.sql cannot be read: there is no such file/, /in quotes/],
    [['export', 'ada', '--out', 'package.json'], /package\.json: a file stands where the folder/, /--out/],
    [
      ['erase', 'ada', '--out', 'package.json/x.jws'],
      /package\.json: a part of its path is a file|a file stands/,
      /--out/,
    ],
    [['audit', 'verify', '--expect', '7'], /--expect 7 is no sequence:hash/, /audit verify/],
  ])(
    'says what is wrong with a file or value that was named, and how to mend it: %j',
    async (command, message, hint) => {
      const asked: string[] = [];
      await serve((request, response) => {
        asked.push(`${request.method} ${request.url}`);
        response.end('{"entries":0,"head":"","faults":[]}');
      });
      await expect(runWithRapport(...command)).rejects.toMatchObject({
        message: expect.stringMatching(message) as string,
        hint: expect.stringMatching(hint) as string,
      });
      expect(asked.filter((each) => each.startsWith('POST'))).toEqual([]);
    },
  );

  it('refuses wrong options before anything is done', async () => {
    await expect(run('demo', '--customers', 'many')).rejects.toMatchObject({ exitCode: 1 });
    expect(terminal.noted.join()).toContain('whole number from 1');
  });

  it('prints failures as JSON when asked', () => {
    reportFailure(new CommandError('It broke.', { hint: 'Mend it.' }), terminal, { json: true });
    expect(JSON.parse(terminal.noted[0] ?? '')).toEqual({ error: { message: 'It broke.', hint: 'Mend it.' } });
  });
});
