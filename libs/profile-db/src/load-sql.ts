import { readFileSync } from 'node:fs';

/** Reads `sql/<name>.sql` beside the module whose `import.meta.url` is given; call it once, at module load. */
export function loadSql(moduleUrl: string, name: string): string {
  return readFileSync(new URL(`./sql/${name}.sql`, moduleUrl), 'utf8');
}
