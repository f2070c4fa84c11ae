import {
  canonicalForm,
  incompatibility,
  InvalidAvroSchemaError,
  type AvroSchema,
  type PublishedSchema,
  type SchemaCatalog,
} from '@rapport/event-log';
import { topics } from '@rapport/events';
import { RegistryError } from './registry-error.js';

export interface SubjectVersion {
  readonly subject: string;
  readonly version: number;
}

export interface RegisteredSchema extends SubjectVersion {
  readonly id: number;
  /** The schema's JSON as text. */
  readonly schema: string;
}

export interface Compatibility {
  readonly is_compatible: boolean;
  /** Only when asked for. */
  readonly messages?: readonly string[];
}

/**
 * The read side of a Confluent schema registry over the published files. A record type has a subject
 * `<topic>-<record name>` (TopicRecordNameStrategy); a topic that carries one event alone also has `<topic>-value`, which
 * tools look for by default.
 */
export class SchemaRegistry {
  private readonly bySubject: ReadonlyMap<string, readonly PublishedSchema[]>;

  constructor(private readonly catalog: SchemaCatalog) {
    this.bySubject = new Map(
      Object.entries(topics).flatMap(([topic, { events }]) => subjectsOf(catalog, topic, events)),
    );
  }

  subjects(prefix = ''): readonly string[] {
    return [...this.bySubject.keys()].filter((subject) => subject.startsWith(prefix)).sort();
  }

  versions(subject: string): readonly number[] {
    return this.published(subject).map(({ version }) => version);
  }

  version(subject: string, version: string): RegisteredSchema {
    return registered(subject, this.find(subject, version));
  }

  all(prefix = '', latestOnly = false): readonly RegisteredSchema[] {
    return this.subjects(prefix).flatMap((subject) =>
      this.published(subject)
        .slice(latestOnly ? -1 : 0)
        .map((schema) => registered(subject, schema)),
    );
  }

  byId(id: string): string {
    return JSON.stringify(this.findById(id).schema);
  }

  usesOf(id: string): readonly SubjectVersion[] {
    const { id: wanted } = this.findById(id);
    return this.all()
      .filter((each) => each.id === wanted)
      .map(({ subject, version }) => ({ subject, version }));
  }

  get maxId(): number {
    return Math.max(...this.catalog.schemas.map(({ id }) => id));
  }

  /** Under which id and version a schema stands, if it does. */
  lookUp(subject: string, schemaText: string): RegisteredSchema {
    const wanted = checked(() => canonicalForm(parse(schemaText)));
    const found = this.published(subject).find(({ schema }) => canonicalForm(schema) === wanted);
    if (found === undefined) throw RegistryError.schemaNotFound();
    return registered(subject, found);
  }

  /** Nothing is registered over HTTP, but what stands already answers with its id, as a repeated registration does. */
  register(subject: string, schemaText: string): { readonly id: number } {
    try {
      return { id: this.lookUp(subject, schemaText).id };
    } catch (error) {
      if (error instanceof RegistryError && error.status === 404) throw RegistryError.readOnly();
      throw error;
    }
  }

  /** Whether the schema could be the next version: can it read what `version`, or every version, has written? */
  compatibility(
    subject: string,
    schemaText: string,
    version?: string,
  ): Compatibility & { messages: readonly string[] } {
    const written = version === undefined ? this.published(subject) : [this.find(subject, version)];
    const reader = parse(schemaText);
    const messages = written.flatMap((each) => {
      const why = checked(() => incompatibility(each.schema, reader));
      return why === undefined ? [] : [`version ${each.version}: ${why}`];
    });
    return { is_compatible: messages.length === 0, messages };
  }

  private published(subject: string): readonly PublishedSchema[] {
    const schemas = this.bySubject.get(subject);
    if (schemas === undefined) throw RegistryError.subjectNotFound(subject);
    return schemas;
  }

  private find(subject: string, version: string): PublishedSchema {
    const schemas = this.published(subject);
    if (version === 'latest' || version === '-1') return schemas.at(-1)!;
    if (!/^[1-9]\d{0,9}$/.test(version)) throw RegistryError.invalidVersion(version);
    const schema = schemas.find((each) => each.version === Number(version));
    if (schema === undefined) throw RegistryError.versionNotFound(version);
    return schema;
  }

  private findById(id: string): PublishedSchema {
    const schema = /^\d{1,10}$/.test(id) ? this.catalog.byId(Number(id)) : undefined;
    if (schema === undefined) throw RegistryError.schemaNotFound();
    return schema;
  }
}

function subjectsOf(
  catalog: SchemaCatalog,
  topic: string,
  events: readonly string[],
): [subject: string, schemas: readonly PublishedSchema[]][] {
  const subjects = events.map((event): [string, readonly PublishedSchema[]] => {
    const schemas = catalog.versions(event);
    return [`${topic}-${schemas.at(-1)?.recordName ?? event}`, schemas];
  });
  return subjects.length === 1 ? [...subjects, [`${topic}-value`, subjects[0]![1]]] : subjects;
}

function registered(subject: string, { id, version, schema }: PublishedSchema): RegisteredSchema {
  return { subject, version, id, schema: JSON.stringify(schema) };
}

function parse(schemaText: string): AvroSchema {
  try {
    return JSON.parse(schemaText) as AvroSchema;
  } catch {
    // Avro allows the name of a primitive type without quotes.
    return schemaText;
  }
}

function checked<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InvalidAvroSchemaError) throw RegistryError.invalidSchema(error.message);
    throw error;
  }
}
