import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { murmur2, partitionOfKey } from './partition-of-key.js';

const kafkajsMurmur2 = createRequire(import.meta.url)('kafkajs/src/producer/partitioners/default/murmur2') as (
  key: Buffer,
) => number | { toInt(): number };

describe('murmur2', () => {
  // The vectors of Apache Kafka's own test (clients, UtilsTest.testMurmur2).
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('Given %j, when hashed, then it is what Java’s producer computes: %i', (key, expected) => {
    expect(murmur2(Buffer.from(key))).toBe(expected);
  });

  it('Given random keys of every length, when hashed, then it is what kafkajs computes', () => {
    for (let length = 0; length < 200; length += 1) {
      const key = randomBytes(length);
      expect(murmur2(key)).toBe(Number(kafkajsMurmur2(key)));
    }
  });

  it('Given a key whose hash is negative, when a partition is chosen, then the sign bit is dropped, not the number negated', () => {
    expect(partitionOfKey(Buffer.from('21'), 7)).toBe((-973932308 & 0x7fffffff) % 7);
  });
});
