import { gzipSync } from 'node:zlib';
import { mappingRuns, simple } from '../testing/mapping-runs.js';

describe('rows of a file as touchpoints', () => {
  const { fileOf, runText } = mappingRuns();

  it('repeats nothing: the same rows have the same ids, whatever else changes', async () => {
    const first = await runText(simple, 'who,at\nann,2024-05-01\nann,2024-05-01\n');
    const again = await runText(
      simple,
      gzipSync('who,at\nann,2024-05-01\nann,2024-05-01\nbob,2024-05-02\n'),
      'rows.csv.gz',
    );
    const ids = (run: typeof first) => run.messages.map(({ messageId }) => messageId);
    expect(ids(first)).toEqual(['shop:visit:rows.csv:2', 'shop:visit:rows.csv:3']);
    expect(ids(again).slice(0, 2)).toEqual(ids(first));
  });

  it('keeps ids short, and apart', async () => {
    const keyed = simple.replace('timestamp: at }', 'timestamp: at, key: [who] }');
    const long = 'x'.repeat(200);
    const { messages } = await runText(keyed, `who,at\n${long}1,2024-05-01\n${long}2,2024-05-01\n`);
    const ids = messages.map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^shop:[0-9a-f-]{36}$/);
  });

  it('says again only what changed about a person', async () => {
    const yaml = simple
      .replace(/touchpoints:[^]*/, '')
      .replace('columns:', 'columns:\n  city: { from: city }')
      .concat(
        'touchpoints:\n  - { id: person, type: identify, whenChanged: true, userId: who, timestamp: at, traits: { city: city } }\n',
      );
    const { messages } = await runText(
      yaml,
      'who,at,city\na,2024-05-01,Rome\nb,2024-05-01,Rome\na,2024-05-02,Rome\na,2024-05-03,Oslo\n',
    );
    expect(messages.map(({ userId, traits }) => [userId, traits])).toEqual([
      ['a', { city: 'Rome' }],
      ['b', { city: 'Rome' }],
      ['a', { city: 'Oslo' }],
    ]);
  });

  it('makes several touchpoints of a row', async () => {
    const yaml = `
id: paths
title: Paths
columns:
  path: { from: path }
  people: { from: people, type: integer }
  start: { value: '2024-01-31T00:00:00Z', type: time }
touchpoints:
  - id: touch
    type: page
    each: [{ repeat: people, as: copy }, { split: path, by: '>', as: channel, index: step }]
    where: { channel: { not: direct } }
    anonymousId: { template: '{line}-{copy}' }
    timestamp: { shift: { from: start, by: step, unit: months } }
    context: { campaign: { object: { source: channel } } }
`;
    const { messages } = await runText(yaml, 'path,people\nads > direct > mail,2\nads,0\n');
    expect(messages.map(({ messageId, anonymousId, timestamp }) => [messageId, anonymousId, timestamp])).toEqual([
      ['paths:touch:rows.csv:2:0:0', '2-0', '2024-01-31T00:00:00.000Z'],
      ['paths:touch:rows.csv:2:0:2', '2-0', '2024-03-31T00:00:00.000Z'],
      ['paths:touch:rows.csv:2:1:0', '2-1', '2024-01-31T00:00:00.000Z'],
      ['paths:touch:rows.csv:2:1:2', '2-1', '2024-03-31T00:00:00.000Z'],
    ]);
  });

  it('looks up what stands in other files', async () => {
    const yaml = simple.replace(
      'columns:\n  who: { from: who, required: true }',
      `lookups: { people: { file: people.csv, key: number } }
columns:
  number: { from: who }
  who: { lookup: { in: people, by: number, take: name }, required: true }`,
    );
    await fileOf('people.csv.gz', gzipSync('name,number,x\nann,1,\nbob,2,\n'));
    const { messages, bad } = await runText(yaml, 'who,at\n2,2024-05-01\n3,2024-05-01\n');
    expect(messages.map(({ userId }) => userId)).toEqual(['bob']);
    expect(bad.map(({ line, at, reason }) => [line, at, reason])).toEqual([[3, 'who', 'is empty']]);
  });

  it.each([
    ['format: dd-MM-yyyy', '31-12-2021', '2021-12-31T00:00:00.000Z'],
    ['format: [yyyyMMdd, M/d/yy H:mm]', '1/2/21 7:05', '2021-01-02T07:05:00.000Z'],
    ['format: "yyyy-MM-dd\'T\'HH:mm:ss.SSS"', '2021-01-02T03:04:05.678', '2021-01-02T03:04:05.678Z'],
    ['format: yyyy-MM-dd HH:mm, timeZone: Europe/Berlin', '2021-07-01 12:00', '2021-07-01T10:00:00.000Z'],
    // Clocks went back: the hour happened twice, the first counts. They went forward: 02:30 never was.
    ['format: yyyy-MM-dd HH:mm, timeZone: Europe/Berlin', '2021-10-31 02:30', '2021-10-31T00:30:00.000Z'],
    ['format: yyyy-MM-dd HH:mm, timeZone: Europe/Berlin', '2021-03-28 02:30', '2021-03-28T01:30:00.000Z'],
    ['timeZone: Europe/Berlin', '2021-07-01', '2021-06-30T22:00:00.000Z'],
    ['timeZone: Europe/Berlin', '2021-07-01 12:00:00Z', '2021-07-01T12:00:00.000Z'],
    ['timeZone: Europe/Berlin', '2021-07-01 12:00:00+02:00', '2021-07-01T10:00:00.000Z'],
    ['timeZone: Europe/Berlin', '2021-07-01 12:00:00 UTC', '2021-07-01T12:00:00.000Z'],
    ['timeZone: Europe/Berlin', '1625133600.5', '2021-07-01T10:00:00.500Z'],
  ])('reads times: %s of "%s"', async (how, text, expected) => {
    const { messages } = await runText(simple.replace('type: time,', `type: time, ${how},`), `who,at\nann,${text}\n`);
    expect(messages.map(({ timestamp }) => timestamp)).toEqual([expected]);
  });

  it.each([
    ['format: dd-MM-yyyy', '31-02-2021'],
    ['format: dd-MM-yyyy', '2021-12-31'],
    ['format: yyyy.MM.dd', '2021-12-31'],
    ['required: true', '2021-13-01'],
  ])('takes no time for another: %s of "%s"', async (how, text) => {
    const { messages, bad } = await runText(
      simple.replace('type: time, required: true', `type: time, ${how}`),
      `who,at\nann,${text}\n`,
    );
    expect(messages).toEqual([]);
    expect(bad).toHaveLength(1);
  });
});
