import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Lookups, type RawFields } from './columns.js';
import { ImportFileError, readFileRows } from './file-rows.js';
import { type MappingDocument } from './mapping-document.js';

/** Reads every lookup file of a mapping into memory. A key that is repeated keeps its first row. Errors: `ImportFileError`. */
export async function readLookups(
  { lookups = {}, columns, input = {} }: MappingDocument,
  files: readonly string[],
): Promise<Lookups> {
  const folder = path.dirname(files[0] ?? '.');
  const read = Object.entries(lookups).map(async ([name, { file, key }]) => {
    const taken = Object.values(columns).flatMap(({ lookup }) => (lookup?.in === name ? [lookup.take] : []));
    const wanted = [...new Set([key, ...taken])];
    const rows = readFileRows(lookupFile(folder, file), {
      input: withoutHeader(input),
      required: wanted.map((one) => [one]),
    });
    const byKey = new Map<string, RawFields>();
    for await (const row of rows) {
      if ('malformed' in row) throw new ImportFileError(`${file}:${row.line} ${row.malformed}; mend this lookup file.`);
      const value = String(row.fields[key] ?? '').trim();
      if (!byKey.has(value)) byKey.set(value, Object.fromEntries(wanted.map((one) => [one, row.fields[one]])));
    }
    return [name, byKey] as const;
  });
  return new Map(await Promise.all(read));
}

/** Beside the imported file, plain or `.gz`. */
function lookupFile(folder: string, file: string): string {
  const plain = path.resolve(folder, file);
  return existsSync(plain) ? plain : `${plain}.gz`;
}

/** How the imported file is written says nothing about the others, but for what means "nothing". */
function withoutHeader({ empty }: NonNullable<MappingDocument['input']>): NonNullable<MappingDocument['input']> {
  return empty === undefined ? {} : { empty };
}
