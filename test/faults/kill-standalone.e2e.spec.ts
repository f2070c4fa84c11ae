import { fileURLToPath } from 'node:url';
import {
  freePortSettings,
  startStandaloneProcess,
  temporaryFolder,
  type RapportProcess,
  type RunningEndpoints,
} from '@rapport/testing';
import { expectEverythingOnce } from './everything-once.js';
import { ShopLoad } from './shop-load.js';

const program = fileURLToPath(new URL('../../services/standalone/dist/main.js', import.meta.url));

const kills = Number(process.env['TEST_KILLS'] ?? 100);

/**
 * Rapport is killed while touchpoints stream in, in turn the parent alone and every process at once, and started again on
 * the same folder. In the end everything acknowledged is in both stores, and nothing is there twice.
 */
describe(`kill -9 of the embedded process during load, ${kills} times`, () => {
  const folder = temporaryFolder();
  let rapport: RapportProcess | undefined;
  afterAll(async () => {
    await rapport?.kill({ descendants: true });
    folder.remove();
  });

  it('nothing acknowledged is lost and nothing counts twice', async () => {
    const environment = await freePortSettings();
    const start = async (): Promise<RunningEndpoints> => {
      const started = await startStandaloneProcess({ program, dataDir: folder.path, environment });
      rapport = started.process;
      return started.endpoints;
    };
    const load = new ShopLoad({ people: 150, seed: 7 });

    for (let round = 0; round < kills; round += 1) {
      const sending = load.sendUntilBroken(await start());
      await load.acknowledgesMore(5 + ((round * 7) % 40));
      await rapport?.kill({ descendants: round % 2 === 1 });
      await sending;
    }

    await expectEverythingOnce(await start(), load);
    expect(await rapport?.stop()).toBe(0);
  }, 3_600_000);
});
