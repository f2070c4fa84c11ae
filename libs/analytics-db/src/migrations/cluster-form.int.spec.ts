import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Session } from 'chdb';
import { literal } from '../embedded/statement.js';
import { clusterForm } from './cluster-form.js';
import { statementsOf } from './migrate-clickhouse.js';

const folder = path.resolve(import.meta.dirname, '../../../../schemas/clickhouse');
const sqlFiles = (of: string) =>
  readdirSync(of)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => path.join(of, file));
const statements = [...sqlFiles(folder), ...sqlFiles(path.join(folder, 'views'))].flatMap((file) =>
  statementsOf(readFileSync(file, 'utf8')).map((sql) => ({ file: path.basename(file), sql })),
);
const cluster = { cluster: 'rapport', database: 'rapport' };

describe('the form of the tables and views for a cluster', () => {
  it('is replicated below and distributed above, under the same name', () => {
    const [local, whole] = clusterForm(
      "-- Why\nCREATE TABLE IF NOT EXISTS things\n(\n    lone_profile_id String,\n    n UInt8 COMMENT 'x'\n)\nENGINE = ReplacingMergeTree(n)\nORDER BY n\nSETTINGS non_replicated_deduplication_window = 10000",
      cluster,
    );
    expect(local).toBe(
      "-- Why\nCREATE TABLE IF NOT EXISTS things_local ON CLUSTER 'rapport'\n(\n    lone_profile_id String,\n    n UInt8 COMMENT 'x'\n)\nENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/rapport/things', '{replica}', n)\nORDER BY n\nSETTINGS replicated_deduplication_window = 10000",
    );
    expect(whole).toBe(
      "CREATE TABLE IF NOT EXISTS things ON CLUSTER 'rapport' AS rapport.things_local\nENGINE = Distributed('rapport', 'rapport', 'things_local', sipHash64(lone_profile_id))",
    );
  });

  it('fills a table from the one on the same node, whose columns may be named by it', () => {
    const filler = 'CREATE MATERIALIZED VIEW IF NOT EXISTS fill_b TO b\nAS\nSELECT max(a.n) AS n FROM a';
    expect(clusterForm(filler, cluster)).toEqual([
      "CREATE MATERIALIZED VIEW IF NOT EXISTS fill_b ON CLUSTER 'rapport' TO b_local\nAS\nSELECT max(a.n) AS n FROM a_local AS a",
    ]);
    expect(clusterForm('-- Why\nALTER TABLE fill_b MODIFY QUERY\nSELECT max(c.n) AS n FROM a AS c', cluster)).toEqual([
      "-- Why\nALTER TABLE fill_b ON CLUSTER 'rapport' MODIFY QUERY\nSELECT max(c.n) AS n FROM a_local AS c",
    ]);
    expect(clusterForm('OPTIMIZE TABLE b FINAL', cluster)).toEqual([
      "OPTIMIZE TABLE b_local ON CLUSTER 'rapport' FINAL",
    ]);
  });

  it('keeps nothing of one node: every statement runs on the cluster', () => {
    const formed = statements.flatMap(({ sql }) => clusterForm(sql, cluster));
    expect(formed.length).toBeGreaterThan(statements.length);
    for (const sql of formed.filter((one) => !/^\s*(--[^\n]*\n\s*)*(SET|SYSTEM|INSERT|SELECT)\b/i.test(one))) {
      expect(sql).toContain("ON CLUSTER 'rapport'");
      expect(sql.replaceAll(/^\s*--.*$/gm, '')).not.toMatch(
        /ENGINE = (Replacing|Aggregating)?MergeTree|\bnon_replicated_/,
      );
    }
  });

  it('is what the engine reads as SQL, every statement', async () => {
    const session = new Session();
    try {
      for (const { file, sql } of statements) {
        for (const one of clusterForm(sql, cluster)) {
          // Parsed and not run: formatQuery throws where the engine finds no statement.
          const parsed = await session.queryAsync(`SELECT formatQuerySingleLine(${literal(one)})`, {
            format: 'RawBLOB',
          });
          expect([file, parsed.text().includes('ON CLUSTER rapport') || !one.includes('ON CLUSTER')]).toEqual([
            file,
            true,
          ]);
        }
      }
      await expect(
        session.queryAsync("SELECT formatQuerySingleLine('CREATE TABLE x ON (a UInt8)')", { format: 'RawBLOB' }),
      ).rejects.toThrow();
    } finally {
      session.close();
    }
  });
});
