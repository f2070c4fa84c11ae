/**
 * Gives a value the form the Avro writer needs, or the very same value where nothing is to do: text becomes well-formed
 * UTF-16 (a lone surrogate turns into U+FFFD, else the log would hold bytes that are no UTF-8), bytes become a Buffer.
 * Wrong types pass through for the writer to refuse.
 */
export type Conform = (value: unknown) => unknown;

type Fields = readonly { readonly name: string; readonly type: unknown }[];
type Values = Readonly<Record<string, unknown>>;

export function createConform(schema: unknown): Conform | undefined {
  if (Array.isArray(schema)) return union(schema);
  if (schema === 'string') return text;
  if (schema === 'bytes') return buffer;
  if (typeof schema !== 'object' || schema === null) return undefined;
  const { type, fields, items, values } = schema as {
    type: unknown;
    fields?: Fields;
    items?: unknown;
    values?: unknown;
  };
  if (type === 'record') return record(fields ?? []);
  if (type === 'array') return array(createConform(items));
  if (type === 'map') return map(createConform(values));
  return createConform(type);
}

function text(value: unknown): unknown {
  return typeof value === 'string' && !value.isWellFormed() ? value.toWellFormed() : value;
}

function buffer(value: unknown): unknown {
  return value instanceof Uint8Array && !Buffer.isBuffer(value)
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    : value;
}

function union(branches: readonly unknown[]): Conform | undefined {
  const conforms = branches.map(createConform).filter((conform) => conform !== undefined);
  if (conforms.length < 2) return conforms[0];
  return (value) => conforms.reduce((conformed, conform) => conform(conformed), value);
}

function record(fields: Fields): Conform | undefined {
  const names: string[] = [];
  const conforms: Conform[] = [];
  for (const { name, type } of fields) {
    const conform = createConform(type);
    if (conform === undefined) continue;
    names.push(name);
    conforms.push(conform);
  }
  if (names.length === 0) return undefined;
  return (value) => {
    if (!isObject(value)) return value;
    let conformed: Record<string, unknown> | undefined;
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index]!;
      const field = value[name];
      const next = conforms[index]!(field);
      if (next !== field) (conformed ??= { ...value })[name] = next;
    }
    return conformed ?? value;
  };
}

function array(item: Conform | undefined): Conform | undefined {
  if (item === undefined) return undefined;
  return (value) =>
    Array.isArray(value) && value.some((element) => item(element) !== element) ? value.map(item) : value;
}

function map(conform: Conform = (value) => value): Conform {
  return (value) => {
    if (!isObject(value)) return value;
    const entries = Object.entries(value);
    if (entries.every(([key, element]) => key.isWellFormed() && conform(element) === element)) return value;
    return Object.fromEntries(entries.map(([key, element]) => [key.toWellFormed(), conform(element)]));
  };
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null;
}
