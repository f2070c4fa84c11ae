import avsc from 'avsc';

/** A schema as one finds it: the parsed JSON of an `.avsc` file. */
export type AvroSchema = Readonly<Record<string, unknown>> | string | readonly unknown[];

export class InvalidAvroSchemaError extends Error {
  override readonly name = 'InvalidAvroSchemaError';
}

/** Why records written with one schema cannot be read with another; `undefined` when they can (Avro schema resolution). */
export function incompatibility(written: AvroSchema, reader: AvroSchema): string | undefined {
  const [writtenType, readerType] = [parseAvro(written), parseAvro(reader)];
  try {
    readerType.createResolver(writtenType);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Text that is the same for schemas that mean the same: white space, documentation and order of attributes aside. */
export function canonicalForm(schema: AvroSchema): string {
  const attributes = parseAvro(schema).schema({ exportAttrs: true });
  return JSON.stringify(attributes, (key, value: unknown) => (key === 'doc' ? undefined : value));
}

function parseAvro(schema: AvroSchema): avsc.Type {
  try {
    // avsc writes to the object it is given.
    return avsc.Type.forSchema(structuredClone(schema) as avsc.Schema);
  } catch (error) {
    throw new InvalidAvroSchemaError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
