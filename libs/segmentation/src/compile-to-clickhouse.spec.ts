import { compileToClickHouse, faultsOf, segmentFrom } from './index.js';

const hostile = "Order'; DROP TABLE touchpoints --";
const segment = segmentFrom({
  id: 'lapsed',
  name: 'Lapsed',
  when: {
    any: [
      { all: [{ performed: { event: hostile } }, { not_performed: { event: hostile, within: '90 days' } }] },
      { performed: { event: 'Order Completed', times: { exactly: 1 } } },
    ],
  },
});

describe('the compiler to ClickHouse', () => {
  it('binds every value as a parameter, so that no name of an event can reach the text', () => {
    const { query, query_params } = compileToClickHouse(segment, { workspaceId: 'shop', now: 7, from: 'rapport.t' });
    expect(query).not.toContain('Order');
    expect(Object.values(query_params)).toEqual([
      'shop',
      7,
      hostile,
      1,
      hostile,
      7_776_000_000,
      'Order Completed',
      1,
      1,
    ]);
    for (const name of Object.keys(query_params)) expect(query).toContain(`{${name}:`);
  });
});

describe('faults a schema cannot find', () => {
  it('are none in a sound set of definitions', () => {
    expect(faultsOf([segment])).toEqual([]);
  });

  it('name a segment that is defined twice', () => {
    expect(faultsOf([segment, segment])).toEqual([
      { index: 1, path: ['id'], message: expect.stringContaining('another segment has the id "lapsed"') },
    ]);
  });

  it('name a segment that holds of people who did nothing', () => {
    const idle = segmentFrom({ id: 'idle', name: 'Idle', when: { not_performed: { event: 'x' } } });
    expect(faultsOf([idle])).toEqual([
      { index: 0, path: ['when'], message: expect.stringContaining('add a condition on what they performed') },
    ]);
  });
});
