import fc from 'fast-check';
import { batchItemTexts, splitBatch } from '../index.js';

describe('a batch', () => {
  it('is split into its events and what holds for all of them', () => {
    const body = { batch: [1, { a: 2 }], sentAt: 's', context: { c: 1 }, integrations: { All: true }, writeKey: 'k' };
    expect(splitBatch(body)).toEqual({
      items: [1, { a: 2 }],
      takeUntil: 2_500,
      sentAt: 's',
      context: { c: 1 },
      integrations: { All: true },
    });
  });

  it.each([
    ['not-an-object', [1]],
    ['not-an-object', 'x'],
    ['invalid-batch', {}],
    ['invalid-batch', { batch: { 0: 'x' } }],
    ['too-large', { batch: Array(2_500).fill({}), context: { blob: 'x'.repeat(30_000) } }],
  ])('that cannot be split is %s: %#', (reason, body) => {
    expect(splitBatch(body)).toMatchObject({ reason });
  });
});

describe('the texts of a batch’s events', () => {
  it('are the very characters that were sent', () => {
    expect(batchItemTexts('{"x":[9],"batch": [ {"a":1.0} , [1,[2]],"],[", 1e400 ],"y":[1]}')).toEqual([
      '{"a":1.0}',
      '[1,[2]]',
      '"],["',
      '1e400',
    ]);
    expect(batchItemTexts('{"b\\u0061tch":[1]}')).toEqual(['1']);
    expect(batchItemTexts('{"batch":[1,2],"batch":[ ]}')).toEqual([]);
  });

  it('come from any depth of nesting', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(batchItemTexts(`{"batch":[1,${deep},2]}`)).toEqual(['1', deep, '2']);
  });

  it('parse to the events, whatever they are and wherever the batch stands', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()), (batch, rest) => {
        const json = JSON.stringify({ ...rest, batch });
        expect(batchItemTexts(json).map((text) => JSON.parse(text) as unknown)).toEqual(JSON.parse(json).batch);
      }),
    );
  });
});
