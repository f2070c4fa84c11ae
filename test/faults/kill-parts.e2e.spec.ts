import { getPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import {
  eventually,
  freePortSettings,
  startStandaloneProcess,
  temporaryFolder,
  type RapportProcess,
  type RunningEndpoints,
} from '@rapport/testing';
import { expectEverythingOnce } from './everything-once.js';
import { ShopLoad } from './shop-load.js';

const program = fileURLToPath(new URL('../../services/standalone/dist/main.js', import.meta.url));

/** One part of an embedded Rapport dies while touchpoints stream in: the collector needs none of them. */
describe('kill -9 of a part of the embedded process during load', () => {
  const folder = temporaryFolder();
  const load = new ShopLoad({ people: 100, seed: 11 });
  const stopping = new AbortController();
  let rapport: RapportProcess;
  let endpoints: RunningEndpoints;
  let sending: Promise<void>;
  let broken = false;

  beforeAll(async () => {
    const environment = await freePortSettings();
    ({ process: rapport, endpoints } = await startStandaloneProcess({ program, dataDir: folder.path, environment }));
    sending = load.sendUntilBroken(endpoints, stopping.signal).then(() => {
      broken = !stopping.signal.aborted;
    });
  }, 300_000);
  afterAll(async () => {
    stopping.abort();
    await sending;
    await rapport?.kill({ descendants: true });
    folder.remove();
  });

  it.each([
    ['PostgreSQL', /postgres .*-D /],
    ['ClickHouse', /clickhouse-server-process/],
    ["the consumers' process", /pipeline-main/],
    ['PostgreSQL, once more', /postgres .*-D /],
  ])('when %s dies, touchpoints are taken as ever, and it comes back by itself', async (_, commandLine) => {
    await load.acknowledgesMore(20);
    const [part, ...others] = rapport.children(commandLine);
    expect(others).toEqual([]);
    process.kill(part!, 'SIGKILL');
    const before = load.acknowledged.length;
    await load.acknowledgesMore(20);
    expect(load.acknowledged.length).toBeGreaterThan(before);
    await eventually(async () => {
      expect(rapport.children(commandLine)).toEqual([expect.any(Number)]);
      expect(rapport.children(commandLine)).not.toEqual([part]);
      expect((await fetch(`${endpoints.http}/health/ready`)).status).toBe(200);
    }, 120_000);
    expect(broken).toBe(false);
  });

  it('what computes goes last, also after it was started again; what answers does not', async () => {
    const own = getPriority(rapport.pid);
    const later = Math.max(10, own);
    const pool = new pg.Pool({ connectionString: endpoints.postgres, max: 1 });
    const connectionsOf = async (name: string): Promise<ReadonlySet<number>> => {
      const processes = 'SELECT pid FROM pg_stat_activity WHERE application_name = $1';
      const { rows } = await pool.query<{ pid: number }>(processes, [name]);
      return new Set(rows.map(({ pid }) => getPriority(pid)));
    };
    await eventually(async () => {
      const computing = rapport.children(/clickhouse-server-process|pipeline-main/);
      expect(computing.map((pid) => getPriority(pid))).toEqual([later, later]);
      expect(await connectionsOf('rapport-pipeline')).toEqual(new Set([later]));
      expect(await connectionsOf('rapport-front')).toEqual(new Set([own]));
    }, 60_000).finally(() => pool.end());
  });

  it('nothing acknowledged is lost and nothing counts twice', async () => {
    stopping.abort();
    await sending;
    expect(load.sent).toEqual(load.acknowledged);
    await expectEverythingOnce(endpoints, load);
  }, 900_000);
});
