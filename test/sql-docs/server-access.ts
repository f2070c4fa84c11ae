import { analystLimits } from '@rapport/analytics-db';

const origin =
  'Written by RAPPORT_WRITE_DOCS=1 npm run jest -- test/sql-docs/server-access from the tables and limits of Rapport; do not edit it.';

/** Name of the analysts' role, and of their settings profile. */
const role = 'rapport_analyst';

/**
 * Statements that give analysts of workspaces on a ClickHouse server what the embedded one gives them: `analyst_<workspace>` reads the
 * rows of that workspace, within the limits. With a cluster, for its distributed tables and those below them.
 */
export function accessStatements(tables: readonly string[], cluster?: string): readonly string[] {
  const on = cluster === undefined ? '' : ` ON CLUSTER ${cluster}`;
  const limits = Object.entries(analystLimits).map(([name, value]) => `${name} = ${value} MAX ${value}`);
  const restricted = cluster === undefined ? tables : tables.flatMap((table) => [table, `${table}_local`]);
  return [
    `CREATE SETTINGS PROFILE IF NOT EXISTS ${role}${on} SETTINGS readonly = 2 CONST, ${limits.join(', ')}`,
    `CREATE ROLE IF NOT EXISTS ${role}${on} SETTINGS PROFILE '${role}'`,
    `GRANT${on} SELECT ON rapport.* TO ${role}`,
    ...restricted.flatMap((table) => [
      `CREATE ROW POLICY OR REPLACE rapport_workspace${on} ON rapport.${table} USING workspace_id = ${workspaceOfUser} TO ${role}`,
      // A table with a policy for some shows nothing to others, unless a policy lets them.
      `CREATE ROW POLICY OR REPLACE rapport_whole${on} ON rapport.${table} USING 1 TO ALL EXCEPT ${role}, analyst`,
    ]),
  ];
}

/** The workspace in the name of the user who asks. */
const workspaceOfUser = "substring(currentUser(), length('analyst_') + 1)";

export function accessSql(tables: readonly string[], cluster?: string): string {
  return [
    `-- ${origin}`,
    '-- For analysts of workspaces other than the default one, whose user is in analyst.xml. An administrator with access management runs it',
    '-- after every upgrade, and for each workspace, with the password that `rapport keys sql --workspace shop` prints:',
    `-- CREATE USER analyst_shop IDENTIFIED BY '...' DEFAULT ROLE ${role}; GRANT ${role} TO analyst_shop;`,
    '',
    ...accessStatements(tables, cluster).map((statement) => `${statement};`),
    '',
  ].join('\n');
}

/** Which rows the analyst of the default workspace sees of each table. */
export const defaultFilter = "workspace_id = 'default'";

/** The file of users.d with the analyst of the default workspace. */
export function accessXml(tables: readonly string[]): string {
  const limits = Object.entries(analystLimits);
  return `<!-- ${origin} -->
<!-- The user that analysts of the default workspace and their tools are given: reads its rows, may change settings of its own query, never writes. -->
<clickhouse>
  <profiles>
    <analyst>
      <readonly>2</readonly>
      <!-- The limits of the embedded engine; tightened by a query, never lifted. -->
${limits.map(([name, value]) => `      <${name}>${value}</${name}>`).join('\n')}
      <constraints>
${limits.map(([name, value]) => `        <${name}><max>${value}</max></${name}>`).join('\n')}
      </constraints>
    </analyst>
  </profiles>
  <users>
    <analyst>
      <password from_env="CLICKHOUSE_ANALYST_PASSWORD"/>
      <networks><ip>::/0</ip></networks>
      <profile>analyst</profile>
      <quota>default</quota>
      <grants>
        <query>GRANT SELECT ON rapport.*</query>
      </grants>
      <databases>
        <rapport>
${tables.map((table) => `          <${table}><filter>${defaultFilter}</filter></${table}>`).join('\n')}
        </rapport>
      </databases>
    </analyst>
  </users>
</clickhouse>
`;
}
