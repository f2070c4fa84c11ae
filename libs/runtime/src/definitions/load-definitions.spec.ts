import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { DefinitionError } from './definition-error.js';
import { loadDefinitions } from './load-definitions.js';

interface Step {
  readonly id: string;
  readonly wait?: number;
}

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['name', 'steps'],
  additionalProperties: false,
  properties: {
    name: { type: 'string' },
    channel: { enum: ['email', 'sms'] },
    condition: { $ref: '#/$defs/condition' },
    steps: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id'],
        additionalProperties: false,
        properties: { id: { type: 'string', pattern: '^[a-z-]+$' }, wait: { type: 'integer', minimum: 1 } },
      },
    },
  },
  $defs: {
    condition: {
      oneOf: [
        {
          type: 'object',
          required: ['all'],
          additionalProperties: false,
          properties: { all: { type: 'array', items: { type: 'string' } } },
        },
        { type: 'object', required: ['not'], additionalProperties: false, properties: { not: { type: 'string' } } },
      ],
    },
  },
};

describe('schemas of definitions', () => {
  it('are JSON Schema', async () => {
    const ajv = new Ajv2020({ discriminator: true });
    const schemas = join(import.meta.dirname, '../../../../schemas/definitions');
    const files = (await readdir(schemas)).filter((name) => name.endsWith('.schema.json'));
    expect(files).toContain('journey.schema.json');
    for (const name of files) {
      const isSchema = await ajv.validateSchema(JSON.parse(await readFile(join(schemas, name), 'utf8')) as object);
      expect({ name, isSchema, faults: ajv.errors }).toEqual({ name, isSchema: true, faults: null });
    }
  });
});

describe('definitions in YAML', () => {
  let folder: string;
  let schemaFile: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'definitions-'));
    schemaFile = join(folder, 'journey.schema.json');
    await writeFile(schemaFile, JSON.stringify(schema));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const load = () => loadDefinitions<{ name: string; steps: Step[] }>({ folder, schemaFile });
  const failure = async (): Promise<DefinitionError> => {
    const error: unknown = await load().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(DefinitionError);
    return error as DefinitionError;
  };

  it('come in the order of their file names', async () => {
    await writeFile(join(folder, 'b.yaml'), 'name: second\nsteps: []\n');
    await writeFile(join(folder, 'a.yaml'), '# comments stay possible\nname: first\nsteps:\n  - id: hello\n');
    await writeFile(join(folder, 'notes.txt'), 'not a definition');
    expect((await load()).map(({ file, value }) => ({ file, value }))).toEqual([
      { file: join(folder, 'a.yaml'), value: { name: 'first', steps: [{ id: 'hello' }] } },
      { file: join(folder, 'b.yaml'), value: { name: 'second', steps: [] } },
    ]);
  });

  it('are none where the folder is missing', async () => {
    await expect(loadDefinitions({ folder: join(folder, 'absent'), schemaFile })).resolves.toEqual([]);
  });

  it('name file, line, column, path and remedy of every fault of every file', async () => {
    const a = join(folder, 'a.yaml');
    const b = join(folder, 'b.yaml');
    await writeFile(a, 'name: x\nchannel: fax\nsteps:\n  - id: a\n    wait: soon\n  - id: b\n    wiat: 3\n');
    await writeFile(b, 'steps: []\n');
    const error = await failure();
    expect(error.message.split('\n')).toEqual([
      `${a}:2:10 channel: is "fax"; use one of "email", "sms"`,
      `${a}:5:11 steps[0].wait: is a text; write an integer`,
      `${a}:7:5 steps[1].wiat: is not known; remove it or correct its name; known here: id, wait`,
      `${b}:1:1 "name" is missing; add it`,
    ]);
  });

  it('report of a failed choice what concerns the branch that was meant', async () => {
    await writeFile(join(folder, 'a.yaml'), 'name: x\nsteps: []\ncondition:\n  all:\n    - 7\n');
    expect((await failure()).faults).toEqual([expect.objectContaining({ line: 5, path: 'condition.all[0]' })]);
    await writeFile(join(folder, 'a.yaml'), 'name: x\nsteps: []\ncondition:\n  none: y\n');
    expect((await failure()).faults.map((fault) => [fault.path, fault.message])).toEqual([
      ['condition', 'fits none of the allowed forms; give one of "all", "not"'],
    ]);
  });

  it('report a rule beside a failed choice too', async () => {
    await writeFile(schemaFile, JSON.stringify({ ...schema, oneOf: [{ required: ['a'] }, { required: ['b'] }] }));
    await writeFile(join(folder, 'a.yaml'), 'name: x\n');
    expect((await failure()).faults.map((fault) => fault.message).sort()).toEqual([
      '"steps" is missing; add it',
      'fits none of the allowed forms; give one of "a", "b"',
    ]);
  });

  it('that are no YAML, or repeat a key, are faults with a line', async () => {
    await writeFile(join(folder, 'a.yaml'), 'name: x\nname: y\nsteps: []\n');
    expect((await failure()).faults).toEqual([expect.objectContaining({ line: 2, column: 1 })]);
    await writeFile(join(folder, 'a.yaml'), 'name: [x\nsteps: 1\n');
    expect((await failure()).faults[0]).toMatchObject({ file: join(folder, 'a.yaml'), line: 2 });
  });

  it('that blow up by aliases are refused', async () => {
    const levels = Array.from({ length: 9 }, (_, i) => `l${i}: &l${i} [${Array(9).fill(i ? `*l${i - 1}` : 'x')}]`);
    await writeFile(join(folder, 'a.yaml'), levels.join('\n'));
    expect((await failure()).message).toContain('alias');
  });

  it('let a later rule point at a place in the file', async () => {
    await writeFile(join(folder, 'a.yaml'), 'name: x\nsteps:\n  - id: a\n  - id: a\n');
    const [definition] = await load();
    expect(definition?.faultAt(['steps', 1, 'id'], 'repeats; use another id')).toMatchObject({ line: 4, column: 9 });
  });
});
