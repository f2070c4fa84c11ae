import { rfm, rfmCell, type RfmInput } from './index.js';

const customer = (
  profileId: string,
  lastOrderAt: number,
  orders: number,
  spent: number,
  currency = 'EUR',
): RfmInput => ({
  profileId,
  lastOrderAt,
  orders,
  spent,
  currency,
});

describe('RFM', () => {
  it('deals ten customers into fifths of two, newest, most frequent and best paying highest', () => {
    const customers = Array.from({ length: 10 }, (_, i) => customer(`p${i}`, i, 10 - i, 100 * i));
    const scores = rfm(customers);
    expect(scores.map(({ recency }) => recency)).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    expect(scores.map(({ frequency }) => frequency)).toEqual([5, 5, 4, 4, 3, 3, 2, 2, 1, 1]);
    expect(scores.map(({ monetary }) => monetary)).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
  });

  it('makes the earlier groups the larger ones, as NTILE does', () => {
    const scores = rfm(Array.from({ length: 7 }, (_, i) => customer(`p${i}`, i, 1, 1)));
    expect(scores.map(({ recency }) => recency)).toEqual([1, 1, 2, 2, 3, 4, 5]);
  });

  it('deals fewer than five customers into as many groups', () => {
    expect(rfm([customer('a', 2, 1, 1), customer('b', 1, 1, 1)]).map(({ recency }) => recency)).toEqual([2, 1]);
    expect(rfm([])).toEqual([]);
  });

  it('breaks ties by profile id, whatever the order of arrival', () => {
    const customers = ['c', 'a', 'e', 'b', 'd'].map((id) => customer(id, 7, 1, 5));
    expect(rfm(customers).map(({ profileId, recency }) => [profileId, recency])).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['d', 4],
      ['e', 5],
    ]);
  });

  it('ranks money within a currency', () => {
    const scores = rfm([
      customer('a', 1, 1, 5000, 'JPY'),
      customer('b', 1, 1, 40, 'EUR'),
      customer('c', 1, 1, 50, 'EUR'),
    ]);
    expect(scores.map(({ monetary }) => monetary)).toEqual([1, 1, 2]);
  });

  it('has the three figures side by side as its headline', () => {
    expect(rfmCell({ recency: 5, frequency: 4, monetary: 3 })).toBe(543);
  });
});
