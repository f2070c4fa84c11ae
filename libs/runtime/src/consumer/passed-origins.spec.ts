import type { LogRecord, Origin } from '@rapport/event-log';
import fc from 'fast-check';
import { dropPassedOrigins } from './passed-origins.js';

let next = 0;
const record = (origin?: Partial<Origin>): LogRecord => ({
  topic: 'profile-touchpoints',
  partition: 0,
  offset: next++,
  appendedAt: 0,
  key: 'k',
  value: Buffer.alloc(0),
  headers: {},
  origin: origin && { producer: 'resolve', topic: 'touchpoints', partition: 0, offset: 0, sequence: 0, ...origin },
});

describe('dropping what a producer appended again', () => {
  it('Given nothing passed, every record is fresh', () => {
    const records = [record({ offset: 1 }), record({ offset: 2 }), record()];
    expect(dropPassedOrigins(records, {}).fresh).toEqual(records);
  });

  it('Given a passed origin, the same and earlier ones are repetitions', () => {
    const passed = { 'resolve touchpoints 0': [5, 1] as const };
    const records = [record({ offset: 4 }), record({ offset: 5, sequence: 1 }), record({ offset: 5, sequence: 2 })];

    const { fresh, repeated } = dropPassedOrigins(records, passed);

    expect(repeated).toEqual(records.slice(0, 2));
    expect(fresh).toEqual(records.slice(2));
  });

  it('keeps producers and input partitions apart', () => {
    const passed = { 'resolve touchpoints 0': [5, 0] as const };
    const records = [record({ offset: 1, partition: 1 }), record({ offset: 1, producer: 'segment' })];
    expect(dropPassedOrigins(records, passed).repeated).toEqual([]);
  });

  it('records without an origin are never dropped', () => {
    const records = [record(), record()];
    expect(dropPassedOrigins(records, { 'resolve touchpoints 0': [99, 0] }).fresh).toEqual(records);
  });

  it('whatever suffixes a crashing producer appends again, and however they are cut into batches, each origin comes through once', () => {
    const scenario = fc.record({
      length: fc.integer({ min: 1, max: 40 }),
      crashes: fc.array(fc.record({ at: fc.nat(40), back: fc.nat(10) }), { maxLength: 6 }),
      cut: fc.integer({ min: 1, max: 7 }),
    });
    fc.assert(
      fc.property(scenario, ({ length, crashes, cut }) => {
        const appended: LogRecord[] = [];
        for (let offset = 0; offset < length; offset += 1) {
          appended.push(record({ offset }));
          for (const { at, back } of crashes) {
            if (at !== offset) continue;
            for (let again = Math.max(0, offset - back); again <= offset; again += 1) {
              appended.push(record({ offset: again }));
            }
          }
        }
        let passed = {};
        const seen: number[] = [];
        for (let start = 0; start < appended.length; start += cut) {
          const filtered = dropPassedOrigins(appended.slice(start, start + cut), passed);
          passed = filtered.passed;
          seen.push(...filtered.fresh.map(({ origin }) => origin?.offset ?? -1));
        }
        expect(seen).toEqual(Array.from({ length }, (_, offset) => offset));
      }),
    );
  });
});
