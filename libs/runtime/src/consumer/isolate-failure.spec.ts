import type { LogRecord } from '@rapport/event-log';
import fc from 'fast-check';
import { RetriableError } from './consumer.js';
import { after, processIsolating, type Isolation } from './isolate-failure.js';
import type { BatchToProcess, Processed } from './process-batch.js';

const length = 16;

interface Trouble {
  /** Offsets that no attempt can handle. */
  readonly cursed: readonly number[];
  /** Attempts, by their number, that lose a race in the database. */
  readonly races: readonly number[];
}

/** A consumer whose position moves with its effect, as the real one's does in its transaction. */
function consumerIn({ cursed, races }: Trouble) {
  const handled: number[] = [];
  const givenUp: number[] = [];
  let position = 0;
  let attempts = 0;
  const attempt = (work: BatchToProcess, into: number[], refuses: (offset: number) => boolean): Processed => {
    if (races.includes(attempts++)) throw new RetriableError('a race was lost');
    if (work.expected !== position) return { kind: 'fenced', position };
    const offsets = work.batch.records.map(({ offset }) => offset);
    if (offsets.some(refuses)) throw new TypeError('cannot be handled');
    into.push(...offsets);
    position = work.batch.nextOffset;
    return { kind: 'done', position, outcomes: new Map(), repeated: 0 };
  };
  const isolation: Isolation = {
    process: async (work) => attempt(work, handled, (offset) => cursed.includes(offset)),
    giveUp: async (work) => attempt(work, givenUp, () => false),
    onDefect: () => undefined,
  };
  return { isolation, handled, givenUp };
}

function recordAt(offset: number): LogRecord {
  const value = Buffer.alloc(0);
  return { topic: 'touchpoints', partition: 0, offset, appendedAt: 0, key: 'k', value, headers: {}, origin: undefined };
}

async function run(trouble: Trouble): Promise<{ handled: readonly number[]; givenUp: readonly number[] }> {
  const { isolation, handled, givenUp } = consumerIn(trouble);
  const records = Array.from({ length }, (_, offset) => recordAt(offset));
  const batch = { topic: 'touchpoints', partition: 0, records, nextOffset: length, highWatermark: length } as const;
  let left: BatchToProcess = { batch, expected: 0 };
  while (left.expected < length) {
    const processed = await processIsolating(isolation, left).catch((error: unknown) => {
      if (error instanceof RetriableError) return undefined;
      throw error;
    });
    if (processed?.kind === 'fenced') throw new Error('a batch was begun again that was done in part');
    if (processed) left = after(processed.position, left);
  }
  return { handled, givenUp };
}

const offsets = Array.from({ length }, (_, offset) => offset);

describe('narrowing a failure down', () => {
  it('Given nothing fails, the batch is handled at once', async () => {
    expect(await run({ cursed: [], races: [] })).toEqual({ handled: offsets, givenUp: [] });
  });

  it('Given a cursed record and a race lost after the first half was done, the rest goes on from there', async () => {
    const { handled, givenUp } = await run({ cursed: [12], races: [2] });

    expect(handled).toEqual(offsets.filter((offset) => offset !== 12));
    expect(givenUp).toEqual([12]);
  });

  it('whatever is cursed and whichever races are lost, each record is handled or given up once, in order', async () => {
    const troubles = fc.record({
      cursed: fc.uniqueArray(fc.nat(length - 1), { maxLength: 4 }),
      races: fc.uniqueArray(fc.nat(30), { maxLength: 10 }),
    });
    await fc.assert(
      fc.asyncProperty(troubles, async (trouble) => {
        const { handled, givenUp } = await run(trouble);
        expect(handled).toEqual(offsets.filter((offset) => !trouble.cursed.includes(offset)));
        expect(givenUp).toEqual(trouble.cursed.toSorted((a, b) => a - b));
      }),
    );
  });
});
