import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadMapping } from './load-mapping.js';

const root = path.resolve(import.meta.dirname, '../../../..');
const config = { definitionsDir: path.join(root, 'deploy/definitions'), schemasDir: path.join(root, 'schemas') };
const shipped = (await readdir(path.join(config.definitionsDir, 'import-mappings'))).map(
  (file) => path.parse(file).name,
);

describe('a mapping', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'rapport-mapping-'))));
  afterEach(() => rm(folder, { recursive: true }));

  const faultsOf = async (yaml: string): Promise<string[]> => {
    const file = path.join(folder, 'm.yaml');
    await writeFile(file, yaml);
    const failure = await loadMapping(file, config).catch((error: unknown) => error);
    return failure instanceof Error ? failure.message.replaceAll(file, 'm.yaml').split('\n') : [];
  };
  const sound = `id: shop
title: A shop
columns:
  who: { from: who }
  at: { from: at, type: time }
touchpoints:
  - id: visit
    type: track
    event: Visited
    userId: who
    timestamp: at
`;

  it.each(shipped)('that ships is sound, by name: %s', async (name) => {
    const { id, conventions, touchpoints } = await loadMapping(name, config);
    expect(id).toBe(name);
    expect(conventions?.length).toBeGreaterThan(0);
    expect(touchpoints.length).toBeGreaterThan(0);
  });

  it('of one’s own is named by its file', async () => {
    expect(await faultsOf(sound)).toEqual([]);
  });

  it.each([
    [
      sound.replace('type: time', 'type: tiem'),
      /^m\.yaml:5:25 columns\.at\.type: is "tiem"; use one of "text", "integer"/,
    ],
    [
      sound.replace('from: who', 'form: who'),
      /^m\.yaml:4:10 columns\.who\.form: is not known; remove it or correct its name/m,
    ],
    [
      sound.replace('timestamp: at', 'timestamp: when'),
      /^m\.yaml:7:5 touchpoints\[0\]: names the column when, which is not declared here; known: file, line, who, at/,
    ],
    [sound.replace('    timestamp: at\n', ''), /^m\.yaml:7:5 touchpoints\[0\]: "timestamp" is missing; add it/],
    [
      sound.replace('    event: Visited\n', ''),
      /touchpoints\[0\]: "event" is missing; a track touchpoint needs the name/,
    ],
    [sound.replace('    userId: who\n', ''), /touchpoints\[0\]: names nobody; give userId or anonymousId/],
    [
      sound.replace('type: time', 'type: time, format: DD.MM.yyyy'),
      /^m\.yaml:5:39 columns\.at\.format: has letters that mean nothing \(DD+\); use yyyy/,
    ],
    [
      sound.replace('type: time', 'type: time, timeZone: Berlin'),
      /columns\.at\.timeZone: is no time zone; write an IANA name/,
    ],
    [
      sound.replace('{ from: who }', '{ lookup: { in: people, by: at, take: x } }'),
      /columns\.who\.lookup\.in: names no lookup[^]*columns\.who: names the column at, which is not declared here; known: file, line$/m,
    ],
    [
      `${sound}  - { id: visit, type: page, userId: who, timestamp: at }\n`,
      /^m\.yaml:12:11 touchpoints\[1\]\.id: is the id of another one too; rename one/,
    ],
    [sound.replace('id: shop', 'id: shop\nid: shop'), /^m\.yaml:2:1/],
    [
      sound.replace('title: A shop', 'title: A shop\ninput: { timeZone: Europe/Berln }'),
      /^m\.yaml:3:20 input\.timeZone: is no time zone; write an IANA name/,
    ],
    [
      sound.replace('  at:', '  half: { multiply: [who, line] }\n  at:'),
      /^m\.yaml:5:9 columns\.half: reckons with the column who, which holds text; give it type: integer, number or decimal$/,
    ],
    [
      sound.replace('  at:', '  later: { shift: { from: who, by: line, unit: days } }\n  at:'),
      /columns\.later: shifts the column who, which holds text; give it type: time$/,
    ],
    [
      `${sound}    properties: { total: { sum: [line, who] }, all: { object: { at: { sum: at } } } }\n`,
      /touchpoints\[0\]: reckons with the column who, which holds text; [^]*touchpoints\[0\]: reckons with the column at, which holds times/,
    ],
    [
      `${sound}    where: { who: { above: 1 } }\n`,
      /touchpoints\[0\]\.where: reckons with the column who, which holds text/,
    ],
    [
      `${sound}leaveOut: [{ because: gone, where: { who: 1 } }]\n`,
      /leaveOut\[0\]\.where: compares the column who, which holds text, with numbers, which it never is; give it type: integer/,
    ],
    [
      `${sound}leaveOut: [{ because: gone, where: [{ line: { in: [1, '2'] } }] }]\n`,
      /compares the column line, which holds numbers, with text, which it never is; write the value as the column has it/,
    ],
  ])('says file, line and remedy of a fault', async (yaml, message) => {
    expect((await faultsOf(yaml)).join('\n')).toMatch(message);
  });

  it('that is not there is named', async () => {
    await expect(loadMapping('no-such', config)).rejects.toMatchObject({
      message: 'There is no mapping no-such.',
      shipped: expect.arrayContaining(['online-retail', 'cdnow']) as string[],
    });
  });
});
