import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** One published schema file: `schemas/events/<event>/<version>.avsc`, never changed once it is there. */
export interface PublishedSchema {
  /** Global id, as it stands in the first bytes of every record. */
  readonly id: number;
  readonly event: string;
  readonly version: number;
  /** Full name of the Avro record, for example `rapport.Touchpoint`. */
  readonly recordName: string;
  readonly schema: AvroRecordSchema;
}

export interface AvroRecordSchema extends Readonly<Record<string, unknown>> {
  readonly type: 'record';
  readonly name: string;
  readonly namespace?: string;
  readonly fields: readonly { readonly name: string; readonly type: unknown }[];
}

/** What `schemas/events` holds, checked as a whole. */
export class SchemaCatalog {
  private constructor(readonly schemas: readonly PublishedSchema[]) {}

  /**
   * Reads `<schemasDir>/events`. Throws `SchemaCatalogError` naming the file where an id, a file or a version is missing,
   * used twice or out of order.
   */
  static load(schemasDir: string): SchemaCatalog {
    const folder = join(schemasDir, 'events');
    const schemas = readIds(join(folder, 'ids.yaml')).map(([id, event, version]) =>
      readSchema(folder, id, event, version),
    );
    const byEvent = Map.groupBy(schemas, ({ event }) => event);
    for (const [event, versions] of byEvent) {
      if (versions.some(({ version }, index) => version !== index + 1)) {
        throw new SchemaCatalogError(
          `${folder}/ids.yaml: the ids of ${event} must list versions 1, 2, 3, ... in this order`,
        );
      }
    }
    requireListed(folder, schemas);
    return new SchemaCatalog(schemas);
  }

  get events(): readonly string[] {
    return [...new Set(this.schemas.map(({ event }) => event))];
  }

  /** Versions of an event, oldest first; empty for an event nobody published. */
  versions(event: string): readonly PublishedSchema[] {
    return this.schemas.filter((schema) => schema.event === event);
  }

  newest(event: string): PublishedSchema | undefined {
    return this.versions(event).at(-1);
  }

  byId(id: number): PublishedSchema | undefined {
    return this.schemas.find((schema) => schema.id === id);
  }
}

export class SchemaCatalogError extends Error {
  override readonly name = 'SchemaCatalogError';
}

function readIds(file: string): [id: number, event: string, version: number][] {
  const document: unknown = parse(readText(file));
  const ids = isRecord(document) && isRecord(document.ids) ? Object.entries(document.ids) : [];
  if (ids.length === 0)
    throw new SchemaCatalogError(`${file}: no ids; expected "ids:" with lines like "1: touchpoint/1"`);
  const seen = new Set<unknown>();
  return ids.map(([key, value]) => {
    const id = Number(key);
    const [, event, version] = /^([a-z][a-z-]*)\/([1-9]\d*)$/.exec(String(value)) ?? [];
    if (!Number.isInteger(id) || id < 1 || id > 0x7fffffff || event === undefined) {
      throw new SchemaCatalogError(
        `${file}: "${key}: ${String(value)}" is no id; expected a line like "1: touchpoint/1"`,
      );
    }
    if (seen.has(value)) throw new SchemaCatalogError(`${file}: ${String(value)} has two ids; keep the first`);
    seen.add(value);
    return [id, event, Number(version)];
  });
}

function readSchema(folder: string, id: number, event: string, version: number): PublishedSchema {
  const file = join(folder, event, `${version}.avsc`);
  const schema = parseSchema(file);
  const recordName = schema.namespace === undefined ? schema.name : `${schema.namespace}.${schema.name}`;
  return { id, event, version, recordName, schema };
}

function parseSchema(file: string): AvroRecordSchema {
  let schema: unknown;
  try {
    schema = JSON.parse(readText(file));
  } catch (error) {
    if (error instanceof SchemaCatalogError) throw error;
    throw new SchemaCatalogError(`${file}: no JSON`, { cause: error });
  }
  if (!isRecordSchema(schema)) throw new SchemaCatalogError(`${file}: the schema of an event must be an Avro record`);
  return schema;
}

function requireListed(folder: string, schemas: readonly PublishedSchema[]): void {
  const listed = new Set(schemas.map(({ event, version }) => `${event}/${version}.avsc`));
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const name = join(entry.parentPath, entry.name).slice(folder.length + 1);
    if (entry.isFile() && name.endsWith('.avsc') && !listed.has(name)) {
      throw new SchemaCatalogError(`${join(folder, name)} has no id; append one to ids.yaml`);
    }
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new SchemaCatalogError(`${file} cannot be read; every id in ids.yaml needs its file`, { cause: error });
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRecordSchema(value: unknown): value is AvroRecordSchema {
  return isRecord(value) && value.type === 'record' && typeof value.name === 'string' && Array.isArray(value.fields);
}
