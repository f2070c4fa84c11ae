/** A ClickHouse cluster, and the tables of ours that have to be whole on every node because views join them. */
export interface ClusterOptions {
  /** As in `remote_servers` of the servers' configuration. */
  readonly cluster: string;
  readonly database: string;
}

const name = '`?(?<name>[A-Za-z_]\\w*)`?';
const createTable = new RegExp(`^\\s*CREATE\\s+TABLE\\s+(?<guard>IF\\s+NOT\\s+EXISTS\\s+)?${name}`, 'i');
const alterTable = new RegExp(`^\\s*ALTER\\s+TABLE\\s+${name}`, 'i');
const createView = new RegExp(`^\\s*CREATE\\s+OR\\s+REPLACE\\s+VIEW\\s+${name}`, 'i');
const createFiller = new RegExp(
  `^\\s*CREATE\\s+MATERIALIZED\\s+VIEW\\s+(?<guard>IF\\s+NOT\\s+EXISTS\\s+)?${name}\\s+TO\\s+\`?(?<target>\\w+)\`?`,
  'i',
);
const alterFiller = new RegExp(`^\\s*ALTER\\s+TABLE\\s+${name}\\s+MODIFY\\s+QUERY\\b`, 'i');
const optimizeTable = new RegExp(`^\\s*OPTIMIZE\\s+TABLE\\s+${name}`, 'i');
const engine = /\bENGINE\s*=\s*(?<family>\w*MergeTree)\s*(?:\((?<arguments>[^()]*)\))?/i;
/** By what a table is spread: all of one lone profile's rows lie on one node. */
const spreadBy = ['lone_profile_id', 'profile_id'] as const;
const localSuffix = '_local';

/**
 * The statements that a statement of our migrations and views becomes on a cluster. A table becomes `<table>_local`, replicated
 * (its path and replica are the servers' macros), and a `Distributed` table over it under the table's own name, so that
 * views and questions stay as they are; materialized views fill node by node; everything runs ON CLUSTER. Tables without
 * people (workspaces, templates, rates) are spread by nothing but chance, and read through their `Distributed` table.
 */
export function clusterForm(statement: string, { cluster, database }: ClusterOptions): readonly string[] {
  const [comment, sql] = splitComment(statement);
  const on = `ON CLUSTER '${cluster}'`;
  const table = createTable.exec(sql)?.groups;
  if (table !== undefined)
    return tableForm(
      sql,
      { table: String(table['name']), guard: table['guard'] ?? '', on, cluster, database },
      comment,
    );
  const refilled = alterFiller.exec(sql)?.groups?.['name'];
  if (refilled !== undefined)
    return [`${comment}ALTER TABLE ${refilled} ${on} MODIFY QUERY${fromLocal(sql.replace(alterFiller, ''))}`];
  const altered = alterTable.exec(sql)?.groups?.['name'];
  if (altered !== undefined) {
    const change = sql.replace(alterTable, '').trim();
    const local = `${comment}ALTER TABLE ${altered}${localSuffix} ${on} ${change}`;
    // The table over all nodes keeps no data, order or settings of its own.
    return onlyColumns(change) ? [local, `ALTER TABLE ${altered} ${on} ${distributedChange(change)}`] : [local];
  }
  const filler = createFiller.exec(sql)?.groups;
  if (filler !== undefined) {
    const head = `CREATE MATERIALIZED VIEW ${filler['guard'] ?? ''}${filler['name']} ${on} TO ${filler['target']}${localSuffix}`;
    return [`${comment}${head}${fromLocal(sql.replace(createFiller, ''))}`];
  }
  const optimized = optimizeTable.exec(sql)?.groups?.['name'];
  if (optimized !== undefined)
    return [`${comment}${sql.replace(optimizeTable, `OPTIMIZE TABLE ${optimized}${localSuffix} ${on}`)}`];
  const view = createView.exec(sql)?.groups?.['name'];
  return view === undefined
    ? [statement]
    : [`${comment}${sql.replace(createView, `CREATE OR REPLACE VIEW ${view} ${on}`)}`];
}

interface TableForm extends ClusterOptions {
  readonly table: string;
  readonly guard: string;
  readonly on: string;
}

function tableForm(
  sql: string,
  { table, guard, on, cluster, database }: TableForm,
  comment: string,
): readonly string[] {
  const found = engine.exec(sql);
  if (found === null)
    throw new Error(`The table ${table} has no engine of the MergeTree family: it has no form for a cluster.`);
  const { family = 'MergeTree', arguments: given = '' } = found.groups ?? {};
  const replica = `'/clickhouse/tables/{shard}/${database}/${table}', '{replica}'`;
  const replicated = `ENGINE = Replicated${family}(${[replica, given].filter((part) => part !== '').join(', ')})`;
  const local = sql
    .replace(createTable, `CREATE TABLE ${guard}${table}${localSuffix} ${on}`)
    .replace(engine, replicated)
    .replace(/\bnon_replicated_deduplication_window\b/g, 'replicated_deduplication_window');
  const key = spreadBy.find((column) => new RegExp(`^\\s*\`?${column}\`?\\s+\\w`, 'm').test(sql));
  const spread = key === undefined ? 'rand()' : `sipHash64(${key})`;
  const whole = `CREATE TABLE ${guard}${table} ${on} AS ${database}.${table}${localSuffix}
ENGINE = Distributed('${cluster}', '${database}', '${table}${localSuffix}', ${spread})`;
  return [`${comment}${local}`, whole];
}

/** What fills a table reads one table, of the same node; columns may be named by it. */
function fromLocal(query: string): string {
  return query.replace(
    /\bFROM\s+`?(\w+)`?(\s+AS\s+\w+)?/gi,
    (_, table: string, alias: string | undefined) => `FROM ${table}${localSuffix}${alias ?? ` AS ${table}`}`,
  );
}

/** Comment lines before a statement stay before it. */
function splitComment(statement: string): readonly [string, string] {
  const [head = ''] = /^(?:\s*--[^\n]*\n)*/.exec(statement) ?? [];
  return [head, statement.slice(head.length)];
}

function onlyColumns(change: string): boolean {
  return /^(ADD|DROP|RENAME|MODIFY|COMMENT)\s+COLUMN\b/i.test(change);
}

/** Columns stand in the `Distributed` table too, but for their place and what concerns stored parts. */
function distributedChange(change: string): string {
  return change.split(/,\s*\n\s*(?=MODIFY\s+(?:SETTING|ORDER|TTL))/i)[0]!.trim();
}
