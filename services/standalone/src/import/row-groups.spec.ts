import { mappingOf, mappingRuns, now, orders } from '../testing/mapping-runs.js';
import { touchpointsOf } from './touchpoints-of.js';

describe('groups of rows', () => {
  const { fileOf, run, runText } = mappingRuns();

  const text =
    'order,who,at,pieces,price,name\n1,ann,2024-05-02,3,0.10,a\n2,bob,2024-05-01,1,5,b\n1,ann,2024-05-01,1,0.001,c\n3,cat,2024-05-01,0,1,d\n';

  it('make one order of its lines, with an exact total, at the earliest time', async () => {
    const { messages, leftOut } = await runText(orders, text);
    expect(messages[0]).toEqual({
      ...{ type: 'track', event: 'Order Completed', messageId: 'shop:order:1', userId: 'ann' },
      timestamp: '2024-05-01T00:00:00.000Z',
      properties: {
        ...{ order_id: '1', total: 0.301 },
        products: [
          { name: 'a', quantity: 3, price: 0.1 },
          { name: 'c', quantity: 1, price: 0.001 },
        ],
      },
    });
    expect(messages).toHaveLength(2);
    expect(leftOut).toEqual(['nothing was sold']);
  });

  it('go over several files', async () => {
    const head = 'order,who,at,pieces,price,name\n';
    const files = [
      await fileOf('a.csv', `${head}1,ann,2024-05-01,1,1,a\n`),
      await fileOf('b.csv', `${head}1,ann,2024-05-01,1,2,b\n`),
    ];
    const { messages } = await run(orders, ...files);
    expect(messages.map(({ properties }) => properties)).toEqual([expect.objectContaining({ total: 3 })]);
  });

  it('leave out what the mapping allows when an order is too large, and are bad rows beyond that', async () => {
    const lines = (count: number) =>
      Array.from(
        { length: count },
        (_, line) => `1,ann,2024-05-01,1,${line}.25,A RATHER LONG NAME OF A THING ${line}\n`,
      );
    const head = 'order,who,at,pieces,price,name\n';
    const light = await runText(orders, head + lines(700).join(''));
    expect(light.messages[0]?.properties).toMatchObject({ total: 244_825 });
    expect(JSON.stringify(light.messages)).not.toContain('RATHER');
    const heavy = await runText(orders, head + lines(2000).join(''));
    expect(heavy.messages).toEqual([]);
    expect(heavy.bad).toHaveLength(2000);
    expect(heavy.bad[0]?.reason).toMatch(/^too-large: /);
  });

  it('that stand together are handed on before the file ends', async () => {
    const adjacent = orders.replace('{ by: [order] }', '{ by: [order], rows: adjacent }');
    const file = await fileOf(
      'rows.csv',
      'order,who,at,pieces,price,name\n1,a,2024-05-01,1,1,x\n1,a,2024-05-01,1,1,y\n2,b,2024-05-01,1,1,z\n',
    );
    const kinds: string[] = [];
    for await (const one of touchpointsOf(mappingOf(adjacent), { files: [file], now })) kinds.push(one.kind);
    expect(kinds).toEqual(['row', 'row', 'row', 'touchpoint', 'touchpoint']);
  });
});
