import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  eventually,
  freePortSettings,
  hasSharedData,
  referenceFigures,
  sharedData,
  startStandaloneProcess,
  temporaryFolder,
  type RapportProcess,
} from '@rapport/testing';
import { type DemoResult } from './run-demo.js';

const root = path.join(import.meta.dirname, '../../../..');
const invoices = 'online_retail/online_retail_II_2009_2010.csv.gz';
const runFile = promisify(execFile);

/** A fresh Rapport in a process of its own, and the command line beside it, as a newcomer has them in two terminals. */
async function freshRapport(folder: string) {
  const environment = {
    ...(await freePortSettings()),
    RAPPORT_LOG_LEVEL: 'error',
  };
  const program = path.join(root, 'services/standalone/dist/main.js');
  const { process: rapport } = await startStandaloneProcess({ program, dataDir: folder, environment });
  const command = async (...line: string[]): Promise<string> => {
    const bin = path.join(root, 'services/standalone/bin/rapport.js');
    const env = { PATH: process.env['PATH'] ?? '', RAPPORT_DATA_DIR: folder, RAPPORT_LOG_LEVEL: 'error' };
    const { stdout } = await runFile(process.execPath, [bin, ...line], { env, maxBuffer: 2 ** 26 });
    return stdout;
  };
  return { rapport, command };
}

describe('the demo', () => {
  const folder = temporaryFolder();
  let rapport: RapportProcess;
  let command: (...line: string[]) => Promise<string>;
  beforeEach(async () => {
    ({ rapport, command } = await freshRapport(path.join(folder.path, String(Math.random()))));
  });
  afterEach(() => rapport.stop());
  afterAll(() => folder.remove());

  const people = (kind: string, present: DemoResult['present']) =>
    (present?.journeys ?? []).filter((row) => row.kind === kind).reduce((sum, row) => sum + row.people, 0);

  /** Time goes on: a timer can come due between two questions, and what one asks for is delivered by the next. */
  const showsAgain = (line: readonly string[], { figures, present }: Pick<DemoResult, 'figures' | 'present'>) =>
    eventually(async () => {
      const again = JSON.parse(await command(...line)) as DemoResult;
      expect(again.figures).toEqual(figures);
      expect(again.present?.segments).toEqual(present?.segments);
      const sent = (again.present?.deliveries ?? []).reduce((sum, { messages }) => sum + messages, 0);
      expect(sent).toBe(people('message-requested', again.present));
      expect(sent).toBeLessThanOrEqual(people('entered', again.present));
      expect(people('entered', again.present)).toBe(people('entered', present));
    });

  it('brings a generated shop to the present: figures, segments, journeys, each person once, however often it is sent', async () => {
    const line = ['demo', '--customers', '600', '--shift-to-now', '--json'];
    const { history, figures, present } = JSON.parse(await command(...line)) as DemoResult;

    const newCustomers = figures.retention.filter(({ ageMonths }) => ageMonths === 0);
    expect(newCustomers.reduce((sum, { active }) => sum + active, 0)).toBe(history.buyers);
    expect(people('entered', present) + people('entry-refused', present)).toBe(history.buyers);
    expect(people('entry-refused', present)).toBeGreaterThan(history.buyers * 0.9);

    await showsAgain(line, { figures, present });
  });

  it('comes out the same when everything is computed again from the log, beside the running Rapport', async () => {
    const line = ['demo', '--customers', '200', '--shift-to-now', '--json'];
    const { figures, present } = JSON.parse(await command(...line)) as DemoResult;

    for (const service of ['resolve', 'profile', 'analyze', 'segment', 'score', 'orchestrate']) {
      const { records } = JSON.parse(await command('replay', service, '--json')) as { readonly records: number };
      expect(records).toBeGreaterThan(0);
    }

    await showsAgain(line, { figures, present });
    expect(await command('dead-letters', 'list')).toBe('There are none.\n');
  });

  (hasSharedData([invoices, 'reference/retail_2009_2010.json']) ? it : it.skip)(
    'reproduces the cohorts of a real shop',
    async () => {
      const { figures, history } = JSON.parse(
        await command('demo', '--online-retail', path.join(sharedData, invoices), '--json'),
      ) as DemoResult;

      const reference = referenceFigures<{
        verified_here: { monthly_cohorts_active_customers: Record<string, number[]> };
      }>('retail_2009_2010');
      const active: Record<string, number[]> = {};
      for (const row of figures.retention) (active[row.cohortMonth.slice(0, 7)] ??= [])[row.ageMonths] = row.active;
      expect(active).toEqual(reference.verified_here.monthly_cohorts_active_customers);

      const totals = 'SELECT toString(sum(total)) AS gross, toUInt32(count()) AS orders FROM orders';
      expect(JSON.parse(await command('sql', totals, '--json'))).toEqual({ gross: '8832003.274', orders: 19_213 });
      expect(history.currency).toBe(figures.currency);
    },
    600_000,
  );
});
