import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');

/** Real data and reference figures that no one here made up; they are not part of this repository. */
export const sharedData = path.join(process.env['RAPPORT_SHARED_DIR'] ?? path.join(root, '..', 'shared'), 'data');

/** Whether all of these files of the data sets are there; says which one is not. */
export function hasSharedData(files: readonly string[]): boolean {
  const missing = files.map((file) => path.join(sharedData, file)).find((file) => !existsSync(file));
  if (missing === undefined) return true;
  process.stderr.write(`Skipped: ${missing} is not there. Set RAPPORT_SHARED_DIR to the folder that holds data/.\n`);
  return false;
}

/** The figures that others published or computed: `reference/<name>.json`. */
export function referenceFigures<T>(name: string): T {
  return JSON.parse(readFileSync(path.join(sharedData, 'reference', `${name}.json`), 'utf8')) as T;
}
