import { execFile, spawn } from 'node:child_process';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  freePortSettings,
  prepareDataFolder,
  startStandaloneProcess,
  temporaryFolder,
  type RapportProcess,
} from '@rapport/testing';

const root = path.resolve(import.meta.dirname, '../../../..');
const bin = path.join(root, 'services/standalone/bin/rapport.js');
const runFile = promisify(execFile);
const people = 7_000;
const lines = 24_000;

const mapping = `
id: shop
title: Orders of a shop
columns:
  order: { from: order, required: true }
  who: { from: who, required: true }
  at: { from: at, type: time, required: true }
  total: { from: total, type: decimal, required: true }
touchpoints:
  - id: order
    type: track
    event: Order Completed
    key: [order]
    userId: who
    timestamp: at
    properties: { order_id: order, total: total, currency: { value: EUR } }
`;

describe('rapport import', () => {
  const folder = temporaryFolder();
  const dataDir = path.join(folder.path, 'data');
  const csv = path.join(folder.path, 'orders.csv');
  const yaml = path.join(folder.path, 'shop.yaml');
  const env = { PATH: process.env['PATH'] ?? '', RAPPORT_DATA_DIR: dataDir, RAPPORT_LOG_LEVEL: 'error' };
  let rapport: RapportProcess;

  const command = async (...line: string[]) =>
    (await runFile(process.execPath, [bin, ...line], { env, maxBuffer: 2 ** 26 })).stdout;
  const importing = (...more: string[]) => ['import', csv, '--mapping', yaml, ...more];
  const ask = async (question: string) =>
    JSON.parse(await command('sql', question, '--json')) as Record<string, unknown>;

  beforeAll(async () => {
    await writeFile(yaml, mapping);
    // All within the last minutes: were it no import, everyone would get a journey.
    const start = Date.now() - 3_600_000;
    const rows = Array.from(
      { length: lines },
      (_, i) => `o${i},p${i % people},${new Date(start + i).toISOString()},1.25\n`,
    );
    await writeFile(csv, `order,who,at,total\n${rows.join('')}`);
    const environment = {
      ...(await freePortSettings()),
      RAPPORT_LOG_LEVEL: 'error',
    };
    const program = path.join(root, 'services/standalone/dist/main.js');
    await prepareDataFolder(dataDir);
    ({ process: rapport } = await startStandaloneProcess({ program, dataDir, environment }));
  });
  afterAll(async () => {
    await rapport.stop();
    folder.remove();
  });

  it('is killed in the middle, goes on where it was, and every order counts once', async () => {
    const killed = spawn(process.execPath, [bin, ...importing()], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    await new Promise<void>((resolve, reject) => {
      let noted = '';
      killed.stderr.on('data', (bytes: Buffer) => {
        noted += bytes.toString();
        // A quarter is sent, and what comes next is in flight.
        if (/Sending: [1-9]\d* of 24000/.test(noted)) killed.kill('SIGKILL');
      });
      killed.on('exit', (_, signal) => (signal === 'SIGKILL' ? resolve() : reject(new Error(`It ended: ${noted}`))));
    });
    const resumed = JSON.parse(await command(...importing('--json'))) as {
      sent: { resumedAt: number; touchpoints: number };
    };
    expect(resumed.sent.resumedAt + resumed.sent.touchpoints).toBe(lines);
    expect(resumed.sent.touchpoints).toBeGreaterThan(0);
    const totals =
      'SELECT toUInt32(count()) AS orders, toUInt32(uniqExact(profile_id)) AS people, toString(sum(total)) AS money FROM orders';
    expect(await ask(totals)).toEqual({ orders: lines, people, money: '30000' });

    const again = JSON.parse(await command(...importing('--json'))) as { sent: unknown };
    expect(again.sent).toMatchObject({ resumedAt: lines, touchpoints: 0 });
    expect(await command(...importing())).toContain('Nothing to do: an earlier import sent all of these touchpoints.');
  });

  it('triggers no journey', async () => {
    const asked = "SELECT toUInt32(countIf(kind IN ('entered', 'message-requested'))) AS begun FROM journeys";
    expect(await ask(asked)).toEqual({ begun: 0 });
    expect(
      await ask('SELECT toUInt32(countIf(imported)) AS imported, toUInt32(count()) AS all FROM touchpoints'),
    ).toEqual({
      imported: lines,
      all: lines,
    });
  });

  it('keeps bad rows with their reasons, sends nothing when strict, and only counts in a dry run', async () => {
    await appendFile(csv, `new,p1,2024-05-01T00:00:00Z,1\nbad,p2,2024-05-01T00:00:00Z,much\nshort,p3\n`);
    const dry = await command(...importing('--dry-run'));
    expect(dry).toContain('24,003 rows give 24,001 touchpoints of 7,000 people.');
    expect(dry).toMatch(/total +must be an amount, like 6\.95 +1 +orders\.csv:24003/);
    await expect(command(...importing('--strict'))).rejects.toThrow(/Nothing was sent: 2 rows are bad/);
    expect(await ask('SELECT toUInt32(count()) AS orders FROM orders')).toEqual({ orders: lines });

    const { badRowsFile, sent } = JSON.parse(await command(...importing('--json'))) as {
      badRowsFile: string;
      sent: { duplicates: number };
    };
    expect(sent.duplicates).toBe(lines);
    const kept = (await readFile(badRowsFile, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(kept).toEqual([
      {
        file: 'orders.csv',
        line: 24_003,
        at: 'total',
        reason: 'must be an amount, like 6.95',
        row: { order: 'bad', who: 'p2', at: '2024-05-01T00:00:00Z', total: 'much' },
      },
      { file: 'orders.csv', line: 24_004, at: '', reason: 'has 2 values for 4 columns', row: ['short', 'p3'] },
    ]);
    expect(await ask('SELECT toUInt32(count()) AS orders FROM orders')).toEqual({ orders: lines + 1 });
  });

  it('tells what stays as an earlier import had it, and that nothing is there to send', async () => {
    await writeFile(csv, 'order,who,at,total\no1,p1,2024-05-01T00:00:00Z,99\nother,p1,2024-05-01T00:00:00Z,1\n');
    expect(await command(...importing())).toContain('1 had been received before under the same messageId and stay');
    expect(await ask("SELECT toString(max(total)) AS most FROM orders WHERE order_id = 'o1'")).toEqual({
      most: '1.25',
    });
    await writeFile(csv, 'order,who,at,total\no1,p1,2024-05-01T00:00:00Z,much\n');
    expect(await command(...importing())).toContain('Nothing to send: no row gives a touchpoint.');
  });

  it('says what is wrong with files and mappings before anything is sent', async () => {
    await expect(command('import', csv, '--mapping', 'no-such')).rejects.toThrow(/There is no mapping no-such/);
    await expect(command('import', `${csv}x`, '--mapping', yaml)).rejects.toThrow(
      /orders\.csvx.*names no format|ENOENT/,
    );
    await expect(command('import', csv)).rejects.toThrow(/required option.*--mapping/);
  });
});
