import type { OpenedTouchpoint } from '@rapport/events';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { computedTraitsAt, evolveBy, initialState, mergeBy, profileRulesFrom, type ProfileState } from '../index.js';
import { computedFunctions, type ComputedFunction } from '../rules/definition.js';

const hourMs = 3_600_000;
const windowDays = 3;
/** Two days before the clock of Berlin goes forward, so that one of its days has 23 hours. */
const start = Date.parse('2024-03-29T00:00:00Z');
const timeZone = 'Europe/Berlin';

const where = [{ property: 'currency', is: 'EUR' }];
const traits = computedFunctions.flatMap((how) => [
  { name: how, function: how, event: ['Bought', 'Viewed'], property: 'items[].value' },
  {
    name: `${how}-lately`,
    function: how,
    event: 'Bought',
    property: 'items[].value',
    window: `${windowDays} days`,
    where,
  },
]);
const rules = profileRulesFrom([{ computed_traits: traits }], () => timeZone);
const evolve = evolveBy(rules);

const value = fc.oneof(
  fc.integer({ min: -50, max: 50 }),
  fc.integer({ min: -5_000, max: 5_000 }).map((cents) => String(cents / 100)),
  fc.constantFrom('apples', 'pears'),
  fc.constantFrom(null, true, ['list']),
);
const said = fc.record({
  hours: fc.integer({ min: 0, max: 8 * 24 }),
  event: fc.constantFrom('Bought', 'Viewed', 'Other'),
  values: fc.array(value, { maxLength: 3 }),
  currency: fc.constantFrom('EUR', 'USD', undefined),
});
const touchpoints = fc.array(said, { maxLength: 40 }).map((all) => all.map(touchpointOf));

function touchpointOf(
  { hours, event, values, currency }: { hours: number; event: string; values: unknown[]; currency: string | undefined },
  logOffset: number,
): OpenedTouchpoint {
  const timestamp = start + hours * hourMs;
  return {
    workspaceId: 'shop',
    sourceId: 'web',
    messageId: `m${logOffset}`,
    type: 'track',
    event,
    subjectId: 's',
    keyId: 'k',
    timestamp,
    originalTimestamp: null,
    sentAt: null,
    receivedAt: timestamp,
    flags: [],
    imported: false,
    profileId: 'p',
    loneProfileId: 'p',
    logPartition: 0,
    logOffset,
    content: {
      properties: { items: values.map((each) => ({ value: each as never })), ...(currency ? { currency } : {}) },
    },
  };
}

const fold = (all: readonly OpenedTouchpoint[]): ProfileState =>
  all.reduce((state, each) => evolve(state, { name: 'profile-touchpoint', value: each }), initialState);

describe('computed traits, kept touchpoint by touchpoint', () => {
  it('are what a computation from all touchpoints gives, whatever comes late, and however profiles were merged', () => {
    fc.assert(
      fc.property(touchpoints, fc.infiniteStream(fc.nat()), fc.nat({ max: 5 * 24 }), (all, chance, hoursLater) => {
        const draw = (): number => chance.next().value ?? 0;
        const shuffled = all
          .map((each) => ({ each, key: draw() }))
          .sort((a, b) => a.key - b.key)
          .map(({ each }) => each);
        const people = Map.groupBy(shuffled, () => draw() % 3);
        const state = [...people.values()].map(fold).reduce(mergeBy(rules), initialState);
        const newest = Math.max(start, ...all.map(({ timestamp }) => timestamp));
        const now = newest + hoursLater * hourMs;
        const computed = computedTraitsAt(rules, state.computed, { workspaceId: 'shop', now });
        expect(computed).toEqual(recomputed(all, now));
        expect(computedTraitsAt(rules, fold(all).computed, { workspaceId: 'shop', now })).toEqual(computed);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** The definition, written down as plainly as can be: filter, sort, compute. */
function recomputed(all: readonly OpenedTouchpoint[], now: number): Record<string, unknown> {
  const ever = all.filter(({ event }) => event !== 'Other');
  const lately = all.filter(
    ({ event, timestamp, content }) =>
      event === 'Bought' &&
      content?.properties?.['currency'] === 'EUR' &&
      localDay(timestamp) <= localDay(now) &&
      localDay(timestamp) > localDay(now - windowDays * 24 * hourMs, windowDays, now),
  );
  const values = computedFunctions.flatMap((how) => [
    [how, computedFrom(how, ever)] as const,
    [`${how}-lately`, computedFrom(how, lately)] as const,
  ]);
  return Object.fromEntries(values.filter(([, each]) => each !== undefined));
}

/** The day of a time in Berlin, `YYYY-MM-DD`; with `back`, the day so many calendar days before that of `from`. */
function localDay(time: number, back = 0, from = time): string {
  const text = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(from);
  return new Date(Date.parse(`${text}T00:00:00Z`) - back * 24 * hourMs).toISOString().slice(0, 10);
}

function computedFrom(how: ComputedFunction, all: readonly OpenedTouchpoint[]): unknown {
  if (how === 'count') return all.length;
  const inOrder = all.toSorted((a, b) => a.timestamp - b.timestamp || a.logOffset - b.logOffset);
  const scalars = inOrder.map(({ content }) =>
    (content?.properties?.['items'] as { value: unknown }[])
      .map((item) => item.value)
      .filter((each) => ['string', 'number', 'boolean'].includes(typeof each)),
  );
  const flat = scalars.flat() as (string | number | boolean)[];
  const amounts = flat
    .filter((each) => typeof each === 'number' || (typeof each === 'string' && /^-?[\d.]+$/.test(each)))
    .map((each) => new Decimal(each as string));
  const sum = amounts.reduce((a, b) => a.plus(b), new Decimal(0));
  const counts = Map.groupBy(flat, (each) => JSON.stringify(each));
  const byText = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  switch (how) {
    case 'first':
      return scalars.find(([each]) => each !== undefined)?.[0];
    case 'last':
      return scalars.findLast(([each]) => each !== undefined)?.[0];
    case 'most-frequent':
      return byText.toSorted(([, a], [, b]) => b.length - a.length)[0]?.[1][0];
    case 'unique-list':
      return byText.length === 0 ? undefined : byText.map(([, [each]]) => each);
    default:
      if (amounts.length === 0) return undefined;
  }
  if (how === 'sum') return sum.toFixed();
  if (how === 'average') return sum.div(amounts.length).toDecimalPlaces(4, Decimal.ROUND_HALF_EVEN).toFixed();
  return (how === 'min' ? Decimal.min(...amounts) : Decimal.max(...amounts)).toFixed();
}
