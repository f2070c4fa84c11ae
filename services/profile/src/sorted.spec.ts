import { sorted } from './sorted.js';

describe('JSON with sorted names', () => {
  it('is the same text whatever order the names came in, at every depth', () => {
    const one = { b: [{ d: 1, c: null }], a: { y: 'z', x: [2, 1] } };
    const other = { a: { x: [2, 1], y: 'z' }, b: [{ c: null, d: 1 }] };
    expect(JSON.stringify(sorted(one))).toBe('{"a":{"x":[2,1],"y":"z"},"b":[{"c":null,"d":1}]}');
    expect(JSON.stringify(sorted(other))).toBe(JSON.stringify(sorted(one)));
  });

  it('does nothing to what is in order', () => {
    const inOrder = { a: [{ b: 1 }, 'text', null], c: {} };
    expect(sorted(inOrder)).toBe(inOrder);
  });

  it('leaves what it is given unchanged', () => {
    const given = Object.freeze({ b: Object.freeze([Object.freeze({ d: 1, c: 2 })]), a: 1 });
    expect(sorted(given)).toEqual({ a: 1, b: [{ c: 2, d: 1 }] });
    expect(JSON.stringify(given)).toBe('{"b":[{"d":1,"c":2}],"a":1}');
  });
});
