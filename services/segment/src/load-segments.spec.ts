import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadSegments } from './index.js';

const schemasDir = path.resolve(import.meta.dirname, '../../../schemas');

describe('loading segments', () => {
  let definitionsDir: string;

  beforeEach(async () => {
    definitionsDir = await mkdtemp(path.join(tmpdir(), 'segments-'));
    await mkdir(path.join(definitionsDir, 'segments'));
  });
  afterEach(() => rm(definitionsDir, { recursive: true }));

  const faultOf = async (yaml: string): Promise<string> => {
    await writeFile(path.join(definitionsDir, 'segments', 'a.yaml'), yaml);
    const error: unknown = await loadSegments({ definitionsDir, schemasDir }).catch((reason: unknown) => reason);
    return error instanceof Error
      ? error.message.replaceAll(`${path.join(definitionsDir, 'segments')}/`, '')
      : 'no fault';
  };

  it('says where a condition holds of people who did nothing', async () => {
    const fault = await faultOf('id: idle\nname: Idle\nwhen:\n  not_performed:\n    event: Order Completed\n');
    expect(fault).toMatch(/^a\.yaml:4:\d+ when: holds of people who did nothing at all; add a condition/);
  });

  it.each([
    [
      'an unknown condition',
      'id: a\nname: A\nwhen:\n  preformed:\n    event: x\n',
      /^a\.yaml:4:\d+ when\.preformed: is not known/,
    ],
    [
      'a window that is no duration',
      'id: a\nname: A\nwhen:\n  performed: { event: x, within: 3 months }\n',
      /^a\.yaml:4:\d+ when\.performed\.within: /,
    ],
    [
      'times beside a window',
      'id: a\nname: A\nwhen:\n  performed: { event: x, within: 3 days, times: { exactly: 1 } }\n',
      /^a\.yaml:4:/,
    ],
    [
      'two ways to count',
      'id: a\nname: A\nwhen:\n  performed: { event: x, times: { exactly: 1, at_least: 1 } }\n',
      /^a\.yaml:4:/,
    ],
    ['no condition', 'id: a\nname: A\n', /^a\.yaml:1:1 "when" is missing; add it/],
  ])('says where %s stands', async (_, yaml, fault) => {
    expect(await faultOf(yaml)).toMatch(fault);
  });

  it('takes a sound definition', async () => {
    expect(await faultOf('id: a\nname: A\nwhen:\n  performed: { event: x }\n')).toBe('no fault');
  });
});
