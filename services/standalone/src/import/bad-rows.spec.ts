import { mappingRuns, orders, simple } from '../testing/mapping-runs.js';

describe('bad rows of a file', () => {
  const { runText } = mappingRuns();

  it('are told by line, also after values of several lines, and cost no other row', async () => {
    const { messages, bad, rows } = await runText(
      simple,
      'who,at\n"an\nn",2024-05-01\n\nbob,soon\ncat\n,2024-05-03\ndan,2024-05-04\n',
    );
    expect(messages.map(({ userId }) => userId)).toEqual(['an\nn', 'dan']);
    expect(bad.map(({ line, at, reason }) => [line, at, reason])).toEqual([
      [5, 'at', 'must be a time: ISO 8601, like 2010-12-01T08:26:00Z'],
      [6, '', 'has 1 values for 2 columns'],
      [7, 'who', 'is empty'],
    ]);
    expect(bad.map(({ row }) => row)).toEqual([{ who: 'bob', at: 'soon' }, ['cat'], { who: '', at: '2024-05-03' }]);
    expect(rows).toBe(messages.length + bad.length);
  });

  it('hold what is no JSON as it was', async () => {
    const { bad } = await runText(simple, '{"who":\n[1]\n{"who":{"a":1},"at":"2024-05-01"}\n', 'rows.jsonl');
    expect(bad.map(({ line, reason, row }) => [line, reason, row])).toEqual([
      [1, 'is not JSON', '{"who":'],
      [2, 'is no JSON object', '[1]'],
      [3, 'must be a single value, not a list or an object', { who: { a: 1 }, at: '2024-05-01' }],
    ]);
  });

  it('are those that the collector would refuse or date anew', async () => {
    const { messages, bad } = await runText(
      simple,
      `who,at\n${'x'.repeat(2000)},2024-05-01\nann,2026-02-01\nbob,1970-01-01\n`,
    );
    expect(messages).toEqual([]);
    expect(bad.map(({ at, reason }) => [at, reason.split(':')[0]])).toEqual([
      ['visit', 'invalid-identifier'],
      ['visit', 'timestamp-future'],
      ['visit', 'timestamp-ancient'],
    ]);
  });

  it('take the whole order with them: a part of it would be wrong money', async () => {
    const { messages, bad } = await runText(
      orders,
      'order,who,at,pieces,price,name\n1,ann,2024-05-01,1,2.50,a\n1,ann,2024-05-01,one,2.50,b\n2,ann,2024-05-02,1,3,c\n1,ann,2024-05-01,2,1,d\n',
    );
    expect(messages.map(({ properties }) => properties)).toEqual([
      { order_id: '2', total: 3, products: [{ name: 'c', quantity: 1, price: 3 }] },
    ]);
    expect(bad.map(({ line, reason }) => [line, reason])).toEqual([
      [3, 'must be a whole number, like 12'],
      [2, 'line 3, which belongs to the same order, is bad'],
      [5, 'line 3, which belongs to the same order, is bad'],
    ]);
  });
});
