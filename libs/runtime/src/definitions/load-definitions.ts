import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { DefinitionError, type DefinitionFault } from './definition-error.js';
import { schemaFaults } from './schema-faults.js';

/** A definition as a person wrote it in YAML, proven to fit its JSON Schema. `file` is its path, for messages. */
export interface Definition<T> {
  readonly file: string;
  readonly value: T;
  /** A `DefinitionFault` at a place in this file, for rules that a JSON Schema cannot say. `path` as in `['steps', 2]`. */
  readonly faultAt: (path: readonly (string | number)[], message: string) => DefinitionFault;
}

/** Aliases may repeat a node this often; more is a "billion laughs" document. */
const maxAliasCount = 1_000;

/**
 * Reads every `*.yaml` of a folder in the order of the file names and checks each against one JSON Schema (2020-12).
 * A folder that does not exist holds no definitions. `T` must be the type that the schema describes.
 * Throws `DefinitionError` with every fault of every file.
 */
export async function loadDefinitions<T>(options: {
  readonly folder: string;
  readonly schemaFile: string;
}): Promise<Definition<T>[]> {
  const validate = await compileSchema<T>(options.schemaFile);
  const definitions: Definition<T>[] = [];
  const faults: DefinitionFault[] = [];
  for (const file of await yamlFiles(options.folder)) {
    const read = readDefinition(file, await readFile(file, 'utf8'), validate);
    if ('faults' in read) faults.push(...read.faults);
    else definitions.push(read);
  }
  if (faults.length > 0) throw new DefinitionError(faults);
  return definitions;
}

/** One definition in a file of its own; otherwise as `loadDefinitions`. A file that does not exist is a fault. */
export async function loadDefinition<T>(options: {
  readonly file: string;
  readonly schemaFile: string;
}): Promise<Definition<T>> {
  const { file, schemaFile } = options;
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const message = `cannot be read (${error.code ?? error.message}); name a file that exists`;
    throw new DefinitionError([{ file, line: 1, column: 1, path: '', message }]);
  });
  const read = readDefinition(file, text, await compileSchema<T>(schemaFile));
  if ('faults' in read) throw new DefinitionError(read.faults);
  return read;
}

/** By their text: consumers of one process ask for the same ones. */
const compiled = new Map<string, ValidateFunction>();

async function compileSchema<T>(schemaFile: string): Promise<ValidateFunction<T>> {
  const text = await readFile(schemaFile, 'utf8');
  const validate = compiled.get(text) ?? compile(text);
  compiled.set(text, validate);
  return validate as ValidateFunction<T>;
}

function compile(schema: string): ValidateFunction {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    discriminator: true,
    strictTypes: false,
    strictRequired: false,
    // A handful of files is checked, once: better code takes longer to make than it saves.
    code: { optimize: false },
    // The schemas are our own and proven by a test; to compile what proves them takes longer than they do.
    validateSchema: false,
  });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(schema) as object);
}

async function yamlFiles(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function readDefinition<T>(
  file: string,
  text: string,
  validate: ValidateFunction<T>,
): Definition<T> | { faults: DefinitionFault[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  const faultAt = (path: readonly (string | number)[], message: string, key = false): DefinitionFault => {
    const { line, col } = lines.linePos(offsetOf(document, path, key));
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), path: pathText(path), message };
  };
  if (document.errors.length > 0) {
    const faults = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return { file, line, column: col, path: '', message: `${error.message.split(/ at line \d+/)[0]}; mend the YAML` };
    });
    return { faults };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount });
  } catch (error) {
    return { faults: [faultAt([], `${(error as Error).message}; write the repeated parts out`)] };
  }
  if (!validate(value)) {
    return { faults: schemaFaults(validate.errors ?? []).map((f) => faultAt(f.path, f.message, f.atKey)) };
  }
  return { file, value, faultAt };
}

/** Where a path stands in the text: its value, or its key; the nearest ancestor where the path itself is absent. */
function offsetOf(document: Document, path: readonly (string | number)[], key: boolean): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const node: unknown = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    const keyNode =
      key && depth === path.length ? keyOf(document.getIn(path.slice(0, -1), true), path.at(-1)) : undefined;
    const range = rangeOf(keyNode) ?? rangeOf(node);
    if (range !== undefined) return range;
  }
  return 0;
}

function keyOf(map: unknown, key: string | number | undefined): unknown {
  if (typeof map !== 'object' || map === null || !('items' in map) || !Array.isArray(map.items)) return undefined;
  const items: readonly { key?: { value?: unknown } }[] = map.items;
  return items.find((pair) => pair.key?.value === key)?.key;
}

function rangeOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined;
  const start: unknown = node.range[0];
  return typeof start === 'number' ? start : undefined;
}

function pathText(path: readonly (string | number)[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}
