import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { incompatibility, SchemaCatalog } from '@rapport/event-log';
import { topics, upcasters } from '@rapport/events';
import { parse } from 'yaml';

const schemasDir = resolve(import.meta.dirname, '../../schemas');
const catalog = SchemaCatalog.load(schemasDir);
const checksums = parse(readFileSync(join(schemasDir, 'events/checksums.yaml'), 'utf8')) as {
  readonly published: Readonly<Record<string, string>>;
};
const named = catalog.schemas.map((schema) => [`${schema.event}/${schema.version}`, schema] as const);

/** Every schema inside a schema, itself included. */
function parts(schema: unknown): unknown[] {
  if (Array.isArray(schema)) return [schema, ...schema.flatMap(parts)];
  if (typeof schema !== 'object' || schema === null) return [schema];
  const { type, items, values, fields } = schema as Record<string, unknown>;
  const inner = [items, values, ...((fields as { type: unknown }[] | undefined) ?? []).map((field) => field.type)];
  return [
    schema,
    ...(typeof type === 'string' ? [] : parts(type)),
    ...inner.filter((part) => part !== undefined).flatMap(parts),
  ];
}

describe('a published schema', () => {
  it.each(named)('%s is the file that was published', (name, { event, version }) => {
    const bytes = readFileSync(join(schemasDir, 'events', event, `${version}.avsc`));

    // A mismatch means the file was edited. Restore it and publish the change as the next version.
    expect({ [name]: createHash('sha256').update(bytes).digest('hex') }).toEqual({ [name]: checksums.published[name] });
  });

  it('keeps its id for ever: ids and checksums list the same files', () => {
    expect(Object.keys(checksums.published)).toEqual(named.map(([name]) => name));
    const ids = catalog.schemas.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  });

  it.each(named)('%s can be read by every later version', (_name, written) => {
    const later = catalog.versions(written.event).filter(({ version }) => version >= written.version);

    expect(later.map((reader) => incompatibility(written.schema, reader.schema))).toEqual(later.map(() => undefined));
  });

  it.each(named)('%s has a record name that says its event', (_name, { event, recordName }) => {
    const pascal = event.replace(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase());

    expect(recordName).toBe(`rapport.${pascal}`);
  });

  it.each(named)('%s has no array of items without bytes, which no input would bound', (_name, { schema }) => {
    const arrays = parts(schema).filter((part) => (part as { type?: unknown } | null)?.type === 'array');

    expect(arrays.filter((array) => ['null', undefined].includes((array as { items?: string }).items))).toEqual([]);
  });

  it.each(named)('%s documents itself', (_name, { schema }) => {
    expect(schema).toHaveProperty('doc', expect.stringMatching(/\w+/));
  });
});

describe('the table of topics', () => {
  it('carries every published event on exactly one topic, and nothing unpublished', () => {
    expect(
      Object.values(topics)
        .flatMap(({ events }) => [...events])
        .sort(),
    ).toEqual([...catalog.events].sort());
  });

  it('has plural kebab-case names', () => {
    expect(Object.keys(topics).filter((name) => !/^[a-z]+(-[a-z]+)*s$/.test(name))).toEqual([]);
  });
});

describe('the upcasters', () => {
  it('lift versions that were published and are not the newest', () => {
    const lifted = Object.entries(upcasters).flatMap(([event, byVersion]) =>
      Object.keys(byVersion).map((version) => [event, Number(version)] as const),
    );

    expect(lifted.filter(([event, version]) => version >= (catalog.newest(event)?.version ?? 0))).toEqual([]);
  });
});

describe('the rule of compatibility', () => {
  const base = { type: 'record', name: 'E', fields: [{ name: 'a', type: 'int' }] } as const;
  const withFields = (...fields: { name: string; type: unknown; default?: unknown }[]) => ({ ...base, fields });

  it.each([
    [
      'an added field with a default',
      withFields({ name: 'a', type: 'int' }, { name: 'b', type: 'string', default: '' }),
    ],
    ['a removed field', withFields()],
    ['a widened number', withFields({ name: 'a', type: 'long' })],
    ['a field that may now be null', withFields({ name: 'a', type: ['null', 'int'] })],
  ])('lets %s pass', (_name, reader) => {
    expect(incompatibility(base, reader)).toBeUndefined();
  });

  it.each([
    ['an added field without a default', withFields({ name: 'a', type: 'int' }, { name: 'b', type: 'string' })],
    ['a renamed field', withFields({ name: 'b', type: 'int' })],
    ['a changed type', withFields({ name: 'a', type: 'string' })],
  ])('stops %s', (_name, reader) => {
    expect(incompatibility(base, reader)).toEqual(expect.any(String));
  });
});
