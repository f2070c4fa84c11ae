import fc from 'fast-check';
import type { TouchpointFlag } from '../touchpoint.js';
import { eventTime, parseTime } from './event-time.js';
import { collectLimits } from './limits.js';

const receivedAt = Date.parse('2026-11-20T12:00:00.000Z');

const timed = (message: { timestamp?: unknown; sentAt?: unknown; imported?: boolean }) => {
  const flags = new Set<TouchpointFlag>();
  const time = eventTime(
    { timestamp: message.timestamp, sentAt: message.sentAt, receivedAt, imported: message.imported ?? false },
    flags,
  );
  return { at: new Date(time.timestamp).toISOString(), flags: [...flags], time };
};

describe('the time of an event', () => {
  it('is corrected by the skew of the sender’s clock', () => {
    // Given a clock ten minutes fast, and an event thirty seconds before it was sent
    const { at, flags, time } = timed({ timestamp: '2026-11-20T12:09:30.000Z', sentAt: '2026-11-20T12:10:00.000Z' });
    expect({ at, flags }).toEqual({ at: '2026-11-20T11:59:30.000Z', flags: [] });
    expect(time.originalTimestamp).toBe(Date.parse('2026-11-20T12:09:30.000Z'));
    expect(time.sentAt).toBe(Date.parse('2026-11-20T12:10:00.000Z'));
  });

  it('is right even for a clock that is years off', () => {
    expect(timed({ timestamp: '1970-01-01T00:01:00.000Z', sentAt: '1970-01-01T00:05:00.000Z' })).toMatchObject({
      at: '2026-11-20T11:56:00.000Z',
      flags: [],
    });
  });

  it('is taken as it is without sentAt, and with a flag where sentAt is no date', () => {
    const timestamp = '2026-11-20T11:00:00.000Z';
    expect(timed({ timestamp })).toMatchObject({ at: timestamp, flags: [] });
    expect(timed({ timestamp, sentAt: 'yesterday' })).toMatchObject({ at: timestamp, flags: ['skew-ignored'] });
  });

  it('is taken as it is for imported history', () => {
    const message = { timestamp: '2010-12-01T08:26:00.000Z', sentAt: '2026-11-20T11:59:59.500Z' };
    expect(timed({ ...message, imported: true }).at).toBe('2010-12-01T08:26:00.000Z');
    expect(timed(message).at).toBe('2010-12-01T08:26:00.500Z');
  });

  it.each([
    ['timestamp-missing', undefined],
    ['timestamp-missing', null],
    ['timestamp-missing', ''],
    ['timestamp-invalid', 'soon'],
    ['timestamp-invalid', '2026-13-40T00:00:00Z'],
    ['timestamp-invalid', { seconds: 1 }],
    ['timestamp-invalid', Number.POSITIVE_INFINITY],
    ['timestamp-future', '2026-11-21T12:00:00.001Z'],
    ['timestamp-future', '9999-12-31T00:00:00Z'],
    ['timestamp-future', '+275760-09-13T00:00:00.000Z'],
    ['timestamp-ancient', '1970-01-01T23:59:59.999Z'],
    ['timestamp-ancient', 0],
    ['timestamp-ancient', '1899-12-31T23:59:59.999Z'],
    ['timestamp-ancient', '0000-01-01T00:00:00Z'],
    ['timestamp-ancient', '-271821-04-20T00:00:00.000Z'],
  ])('falls back to receivedAt with the flag %s for %p', (flag, timestamp) => {
    expect(timed({ timestamp })).toMatchObject({ at: new Date(receivedAt).toISOString(), flags: [flag] });
  });

  it.each(['2026-11-21T12:00:00.000Z', '1970-01-02T00:00:00.000Z'])(
    'keeps %s, at the edge of what is allowed',
    (timestamp) => expect(timed({ timestamp })).toMatchObject({ at: timestamp, flags: [] }),
  );

  it.each([
    ['2015-2-02T00:30:12.984Z', '2015-02-02T00:30:12.984Z'],
    ['2010-12-01', '2010-12-01T00:00:00.000Z'],
    ['2010-12-01T08:26', '2010-12-01T08:26:00.000Z'],
    ['2010-12-01 08:26:00', '2010-12-01T08:26:00.000Z'],
    ['2010-12-01T08:26:00.123456+01:00', '2010-12-01T07:26:00.123Z'],
    ['2010-12-01T08:26:00+0100', '2010-12-01T07:26:00.000Z'],
    ['2010-12-01T08:26:00-05', '2010-12-01T13:26:00.000Z'],
    ['Wed, 01 Dec 2010 08:26:00 GMT', '2010-12-01T08:26:00.000Z'],
    [1_291_191_960, '2010-12-01T08:26:00.000Z'],
    [1_291_191_960_000, '2010-12-01T08:26:00.000Z'],
    ['1291191960000', '2010-12-01T08:26:00.000Z'],
  ])('reads %p', (value, expected) => {
    const time = parseTime(value);
    expect(typeof time === 'number' ? new Date(time).toISOString() : time).toBe(expected);
  });

  it.each(['12/1/2010 8:26', '1.12.2010', 'Dec 1 2010', true, []])('does not guess at %p', (value) => {
    expect(parseTime(value)).toBeNull();
  });

  it('always lies where every store can hold it', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.boolean(), (timestamp, sentAt, imported) => {
        const { time } = timed({ timestamp, sentAt, imported });
        expect(Number.isSafeInteger(time.timestamp)).toBe(true);
        expect(time.timestamp).toBeGreaterThanOrEqual(collectLimits.earliestMs);
        expect(time.timestamp).toBeLessThanOrEqual(receivedAt + collectLimits.futureMs);
      }),
    );
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), fc.date({ noInvalidDate: true }), (timestamp, sentAt) => {
        const { time } = timed({ timestamp: timestamp.toISOString(), sentAt: sentAt.toISOString() });
        expect(time.timestamp).toBeGreaterThanOrEqual(collectLimits.earliestMs);
        expect(time.timestamp).toBeLessThanOrEqual(receivedAt + collectLimits.futureMs);
      }),
    );
  });
});
