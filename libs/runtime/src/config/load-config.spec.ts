import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError, loadConfig, loadConfigOf, loadFolders } from './load-config.js';

const freshFolder = () => mkdtempSync(path.join(tmpdir(), 'rapport-config-'));

describe('loading the configuration', () => {
  it('Given nothing but a data folder, it is embedded, with secrets made once and kept private', () => {
    const dataDir = freshFolder();
    const first = loadConfig({ RAPPORT_DATA_DIR: dataDir });
    const second = loadConfig({ RAPPORT_DATA_DIR: dataDir });

    expect(first.eventLog).toEqual({ kind: 'embedded', folder: path.join(dataDir, 'log'), partitions: 2 });
    expect(first.secrets.masterKey).toHaveLength(32);
    expect(second.secrets).toEqual(first.secrets);
    expect(statSync(path.join(dataDir, 'secrets.json')).mode & 0o077).toBe(0);
    expect(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8')).toContain(first.secrets.writeKey);
  });

  it.each([
    ['{"masterKey":', /secrets\.json is no JSON\. Put it back from a backup/],
    ['null', /lacks masterKey, hashKey, writeKey, apiKey/],
    ['{"masterKey":7,"hashKey":"x"}', /lacks masterKey, writeKey/],
  ])('Given secrets that are damaged, it says so and touches nothing: %s', (text, message) => {
    const dataDir = freshFolder();
    writeFileSync(path.join(dataDir, 'secrets.json'), text);

    expect(() => loadConfig({ RAPPORT_DATA_DIR: dataDir })).toThrow(message);
    expect(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8')).toBe(text);
  });

  it('Given a folder that no start has made, it makes nothing of it, and with Kafka needs none', () => {
    const dataDir = freshFolder();
    expect(loadConfigOf(dataDir, {})).toBeUndefined();
    expect(readdirSync(dataDir)).toEqual([]);

    const key = Buffer.alloc(32).toString('base64');
    const secrets = {
      RAPPORT_MASTER_KEY: key,
      RAPPORT_HASH_KEY: key,
      RAPPORT_WRITE_KEY: 'write-key',
      RAPPORT_API_KEY: 'a'.repeat(40),
    };
    const distributed = { ...secrets, RAPPORT_KAFKA_BROKERS: 'kafka:9092' };
    expect(loadConfigOf(dataDir, distributed)).toMatchObject({ dataDir, eventLog: { kind: 'kafka' } });

    const made = loadConfig({ RAPPORT_DATA_DIR: dataDir });
    expect(loadConfigOf(dataDir, { RAPPORT_DATA_DIR: 'elsewhere' })).toEqual(made);
  });

  it('Given that definitions and schemas are all that is wanted, it makes no secrets', () => {
    const dataDir = freshFolder();
    const folders = loadFolders({ RAPPORT_DATA_DIR: dataDir });

    expect(readdirSync(dataDir)).toEqual([]);
    expect(loadConfig({ RAPPORT_DATA_DIR: dataDir })).toMatchObject(folders);
  });

  it('Given a URL, that part is real and the others stay embedded', () => {
    const config = loadConfig({
      RAPPORT_DATA_DIR: freshFolder(),
      RAPPORT_CLICKHOUSE_URL: 'http://writer:s%40cret@clickhouse:8123',
    });

    expect(config.clickhouse).toMatchObject({ url: 'http://clickhouse:8123', username: 'writer', password: 's@cret' });
    expect(config.clickhouse.embedded).toBeUndefined();
    expect(config.postgres.embedded).toEqual({ port: 54_320 });
  });

  it('names every fault at once', () => {
    const load = () =>
      loadConfig({
        RAPPORT_DATA_DIR: freshFolder(),
        RAPPORT_HTTP_PORT: 'http',
        RAPPORT_KAFKA_BROKERS: 'kafka',
        RAPPORT_LOG_LEVEL: 'loud',
        RAPPORT_WRITEKEY: 'x',
        RAPPORT_DEFINITIONS_DIR: './no-such-folder',
      });

    expect(load).toThrow(ConfigError);
    expect(load).toThrow(/RAPPORT_HTTP_PORT must be a port/);
    expect(load).toThrow(/RAPPORT_KAFKA_BROKERS must be host:port/);
    expect(load).toThrow(/RAPPORT_LOG_LEVEL must be one of/);
    expect(load).toThrow(/RAPPORT_WRITEKEY is no setting of Rapport/);
    expect(load).toThrow(/RAPPORT_MASTER_KEY must be set/);
    expect(load).toThrow(/RAPPORT_DEFINITIONS_DIR must be a folder like deploy\/definitions; .*no-such-folder is none/);
  });

  it('takes a blank variable for an absent one', () => {
    expect(loadConfig({ RAPPORT_DATA_DIR: freshFolder(), RAPPORT_HTTP_PORT: ' ' }).http.port).toBe(4400);
  });
});
