import { cpSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { freePort, temporaryFolder } from '@rapport/testing';
import { pino } from 'pino';
import { insertSettings } from '../client/clickhouse-settings.js';
import { startEmbeddedClickHouse, type EmbeddedClickHouse } from '../embedded/embedded-clickhouse.js';
import { migrateClickHouse, statementsOf } from './migrate-clickhouse.js';

const published = path.resolve(import.meta.dirname, '../../../../schemas/clickhouse');
const migrations = ['0095_touches_not_stored.sql', '0096_touches_of_profiles.sql'];
const writer = { username: 'writer', password: 'writer' };

describe('a folder from before touches were a column of profile_activity', () => {
  let server: EmbeddedClickHouse;
  let client: ClickHouseClient;
  const data = temporaryFolder();
  const before = temporaryFolder();

  beforeAll(async () => {
    server = await startEmbeddedClickHouse({
      ...{ folder: data.path, port: await freePort(), database: 'rapport' },
      ...{ writer, analyst: { username: 'a', password: 'a' }, logger: pino({ level: 'silent' }) },
    });
    client = createClient({ url: server.url, ...writer, database: 'rapport', log: { level: ClickHouseLogLevel.OFF } });
    for (const file of readdirSync(published)) if (file.endsWith('.sql') && file < migrations[0]!) copy(file);
    await migrate(before.path);
    await insert(page('ann', '2024-01-05 10:00:00.000'), page('ann', '2024-03-31 23:30:00.000'));
    await insert(page('ann', '2024-01-20 10:00:00.000'), { ...page('bob', '2024-02-05 10:00:00.000'), type: 'track' });
  }, 60_000);
  afterAll(async () => {
    await client.close();
    await server.stop();
    for (const folder of [data, before]) folder.remove();
  });

  it('has each touch and moment once, though the migration is run again and touchpoints come meanwhile', async () => {
    const facts = "SELECT * EXCEPT (touches, active_moments) FROM profile_activity FINAL WHERE lone_profile_id = 'ann'";
    const known = await ask(facts);
    for (const file of migrations) copy(file);
    await migrate(before.path);
    await insert(page('bob', '2024-04-10 10:00:00.000'));
    for (const query of statementsOf(readFileSync(path.join(published, migrations[1]!), 'utf8')))
      await client.command({ query });

    const sets = `SELECT lone_profile_id, touchpoint_count, arrayMap(touch -> toString(fromUnixTimestamp64Milli(toInt64(bitShiftRight(touch, 64)), 'UTC')), arraySort(touches)), arrayMap(moment -> toString(moment), arraySort(active_moments))
      FROM profile_activity FINAL ORDER BY lone_profile_id`;
    expect(await ask(sets)).toEqual([
      [
        ...['ann', 3, ['2024-01-05 10:00:00.000', '2024-01-20 10:00:00.000', '2024-03-31 23:30:00.000']],
        ['2024-01-15 00:00:00', '2024-03-31 23:30:00'],
      ],
      ['bob', 2, ['2024-04-10 10:00:00.000'], ['2024-02-15 00:00:00', '2024-04-15 00:00:00']],
    ]);
    expect(await ask(facts)).toEqual(known);
  }, 60_000);

  const copy = (file: string): void => cpSync(path.join(published, file), path.join(before.path, file));
  const migrate = (folder: string): Promise<readonly string[]> =>
    migrateClickHouse({ url: server.url, ...writer, database: 'rapport', folder, tablesOnly: true });
  const page = (person: string, timestamp: string): Record<string, unknown> => ({
    ...{
      workspace_id: 'default',
      lone_profile_id: person,
      type: 'page',
      timestamp,
      message_id: `${person}${timestamp}`,
    },
    ...{ campaign_source: 'Google', page_referrer: 'https://blog.example/', page_url: 'https://shop.example/' },
  });
  const insert = (...values: readonly Record<string, unknown>[]): Promise<unknown> =>
    client.insert({
      ...{ table: 'recorded_touchpoints', values, format: 'JSONEachRow' },
      clickhouse_settings: insertSettings,
    });
  const ask = async (query: string): Promise<unknown> =>
    (await (await client.query({ query, format: 'JSONCompact' })).json()).data;
});
