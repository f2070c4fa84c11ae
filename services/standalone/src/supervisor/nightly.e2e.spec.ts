import path from 'node:path';
import {
  eventually,
  freePortSettings,
  prepareDataFolder,
  startStandaloneProcess,
  temporaryFolder,
  type RapportProcess,
  type RunningEndpoints,
} from '@rapport/testing';
import { pino } from 'pino';
import { startNightly } from './nightly.js';

const built = path.resolve(import.meta.dirname, '../../dist');
const program = path.join(built, 'cli/main.js');

describe('the night', () => {
  const folder = temporaryFolder();
  let environment: Readonly<Record<string, string>>;
  let running: { readonly process: RapportProcess; readonly endpoints: RunningEndpoints };

  beforeAll(async () => {
    environment = await freePortSettings();
    await prepareDataFolder(folder.path);
    const standalone = { program: path.join(built, 'main.js'), environment, dataDir: folder.path };
    running = await startStandaloneProcess(standalone, 120_000);
  });
  afterAll(async () => {
    await running.process.kill({ descendants: true });
    folder.remove();
  });

  const searched = async () => {
    const { http, apiKey } = running.endpoints;
    const response = await fetch(`${http}/v1/duplicates`, { headers: { authorization: `Bearer ${apiKey}` } });
    return ((await response.json()) as { readonly searchedAt: string | null }).searchedAt;
  };

  it('looks for duplicates once, beside a Rapport that goes on', async () => {
    expect(await searched()).toBeNull();
    // A moment before three, and after it from then on.
    const times = [Date.UTC(2026, 10, 22, 2, 59, 59, 900)].values();
    const now = (): number => times.next().value ?? Date.UTC(2026, 10, 22, 4);
    const own = { ...process.env, ...environment, RAPPORT_DATA_DIR: folder.path } as Record<string, string>;
    const stop = startNightly(own, pino({ level: 'silent' }), { hour: 3, now, program });
    const first = await eventually(async () => {
      const at = await searched();
      expect(at).not.toBeNull();
      return at;
    }, 60_000);
    await stop();
    expect(await searched()).toBe(first);
  });
});
