import type { ClickHouseUse } from './clickhouse-use.js';

/** `use` is filled before the first test. */
export function describeClickHouseAnalyst(use: ClickHouseUse): void {
  describe('the analyst', () => {
    it.each([
      'INSERT INTO things (id) VALUES (1)',
      'DROP TABLE things',
      'TRUNCATE TABLE things',
      'CREATE TABLE mine (id UInt8) ENGINE = Memory',
      'ALTER TABLE things ADD COLUMN more UInt8',
      'SELECT 1 SETTINGS max_execution_time = 0, max_memory_usage = 0',
      'SET readonly = 0',
      'SYSTEM FLUSH LOGS',
      "SELECT * FROM file('/etc/passwd', LineAsString)",
      "DESCRIBE TABLE file('/etc/passwd', LineAsString)",
      "SELECT * FROM url('http://127.0.0.1:1/', LineAsString)",
      "SELECT * FROM remote('127.0.0.1:1', system.one)",
      "SELECT 1 INTO OUTFILE '/tmp/out'",
    ])('may not do %s', async (query) => {
      await expect(use.analyst.command({ query })).rejects.toHaveProperty('code');
      // And nothing happened.
      expect(await use.names()).toEqual([]);
      const tables = await use.writer.query({ query: 'SHOW TABLES', format: 'TabSeparated' });
      expect(await tables.text()).toBe('things\n');
    });

    it('may ask what there is', async () => {
      for (const query of [
        'SHOW TABLES',
        'DESCRIBE TABLE things',
        'SHOW CREATE TABLE things',
        'EXPLAIN SELECT 1',
        'EXISTS things',
      ]) {
        expect((await (await use.analyst.query({ query, format: 'TabSeparated' })).text()).length).toBeGreaterThan(0);
      }
    });
  });
}
