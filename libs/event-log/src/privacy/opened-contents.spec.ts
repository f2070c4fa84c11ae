import type { OpenRequest } from '../port/subject-vault.js';
import { OpenedContents } from './opened-contents.js';

const seconds = 1_000;

function request(messageId: string, tag = 1): OpenRequest {
  const bytes = new Uint8Array(44).fill(tag);
  return { workspaceId: 'shop', subjectId: 'ada', keyId: 'k', boundTo: messageId, bytes };
}

const plaintext = (name: string): Buffer => Buffer.from(JSON.stringify({ event: name }));

describe('contents that one consumer opened and the next asks for', () => {
  let now: number;
  let contents: OpenedContents;
  beforeEach(() => {
    now = 1_700_000_000_000;
    contents = new OpenedContents(() => now);
  });

  it('Given an opened content, when the next consumer asks, then it gets the very same, once', () => {
    const opened = contents.add(request('a'), plaintext('Order Completed'));
    expect(opened).toEqual({ event: 'Order Completed' });
    expect(contents.take(request('a'))).toBe(opened);
    expect(contents.take(request('a'))).toBeUndefined();
  });

  it.each([
    ['another message', request('b')],
    ['other sealed bytes of the same message', request('a', 2)],
    ['another workspace', { ...request('a'), workspaceId: 'other' }],
    ['another person', { ...request('a'), subjectId: 'bob' }],
    ['another key', { ...request('a'), keyId: 'l' }],
  ])('Given an opened content, when %s is asked for, then nothing is given and nothing is lost', (_, other) => {
    const opened = contents.add(request('a'), plaintext('Order Completed'));
    expect(contents.take(other)).toBeUndefined();
    expect(contents.take(request('a'))).toBe(opened);
  });

  it('Given a message sent twice with different contents, then the later one answers, and only for its own bytes', () => {
    contents.add(request('a', 1), plaintext('first'));
    const second = contents.add(request('a', 2), plaintext('second'));
    expect(contents.take(request('a', 1))).toBeUndefined();
    expect(contents.take(request('a', 2))).toBe(second);
  });

  it('Given nobody asked for 20 seconds, then it is let go', () => {
    contents.add(request('a'), plaintext('Order Completed'));
    for (const at of [10, 20]) {
      now = 1_700_000_000_000 + at * seconds;
      contents.add(request(`at ${at}`), plaintext('later'));
    }
    expect(contents.take(request('a'))).toBeUndefined();
  });

  it('Given more than may be held, then the oldest are kept, for they are asked for first', () => {
    for (let i = 0; i < 40_001; i += 1) contents.add(request(`m${i}`), plaintext('x'));
    expect(contents.take(request('m0'))).toBeDefined();
    expect(contents.take(request('m40000'))).toBeUndefined();
    contents.add(request('next'), plaintext('x'));
    expect(contents.take(request('next'))).toBeDefined();
  });

  it('Given large contents, then their bytes are bounded, and what is taken makes room', () => {
    const large = Buffer.from(JSON.stringify({ event: 'x'.repeat(20 * 1024 * 1024) }));
    contents.add(request('a'), large);
    contents.add(request('b'), large);
    expect(contents.take(request('b'))).toBeUndefined();
    expect(contents.take(request('a'))).toBeDefined();
    contents.add(request('b'), large);
    expect(contents.take(request('b'))).toBeDefined();
  });

  it('Given a process where nobody asks, then only a sample is held, until somebody does', () => {
    contents.add(request('before'), plaintext('x'));
    now += 10 * seconds;
    const held = (from: number) =>
      Array.from({ length: 640 }, (_, i) => {
        contents.add(request(`${from} ${i}`), plaintext('x'));
        return contents.take(request(`${from} ${i}`)) !== undefined;
      }).filter(Boolean).length;
    expect(held(1)).toBeLessThan(20);
    now += 10 * seconds;
    // The first one notices that the time is over; it was asked for before, so all are held again.
    expect(held(2)).toBe(640);
  });

  it('Given a person is erased, then nothing is held any more', () => {
    contents.add(request('a'), plaintext('Order Completed'));
    contents.clear();
    expect(contents.take(request('a'))).toBeUndefined();
  });
});
