import { referenceFigures } from '@rapport/testing';
import { describeWith } from './data-set.js';
import { startFigures, type Figures } from './figures.js';

interface Funnel {
  readonly steps: readonly string[];
  readonly window_seconds: number;
  readonly users_reaching: readonly number[];
  readonly step_conversion: readonly (number | null)[];
}
interface Reference {
  readonly verified_here: {
    readonly ecom_users_24h: Funnel;
    readonly ecom_sessions: Funnel;
    readonly ecom_sessions_by_30min_gap: number;
    readonly ecom_event_counts: Readonly<Record<string, number>>;
    readonly ecom_top_transitions: readonly [readonly [string, string], number][];
    readonly rees46: {
      readonly events: number;
      readonly users: number;
      readonly sessions: number;
      readonly by_type: Readonly<Record<string, number>>;
      readonly funnel_1h: Funnel;
      readonly sessions_30min_gap: number;
    };
  };
}

const ecom = 'clickstream/retentioneering_ecom.csv.gz';
const rees46 = 'clickstream/rees46_2019_10_first_hours.csv.gz';

describeWith([ecom, rees46])('funnels, sessions and transitions', () => {
  let figures: Figures;
  let reference: Reference['verified_here'];
  beforeAll(async () => {
    reference = referenceFigures<Reference>('funnels').verified_here;
    figures = await startFigures('USD');
  });
  afterAll(() => figures.stop());

  const funnel = async (
    { steps, window_seconds, users_reaching, step_conversion }: Funnel,
    within: string,
    events = steps,
  ) => {
    const found = await figures.ask('funnel', { steps: events, window_seconds, within });
    expect(found.map(([step, , reached]) => [step, reached])).toEqual(
      users_reaching.map((users, index) => [index + 1, users]),
    );
    found.forEach(([, , , conversion], index) => {
      if (index === 0) expect(conversion).toBeNull();
      else expect(conversion).toBeCloseTo(step_conversion[index] ?? Number.NaN, 12);
    });
  };

  describe('of the retentioneering shop', () => {
    beforeAll(async () => {
      await figures.clear();
      await figures.load('retentioneering', [ecom]);
    });

    it('has every event as often', async () => {
      const counts = await figures.rows("SELECT event, count() FROM touchpoints WHERE type = 'track' GROUP BY event");
      expect(Object.fromEntries(counts as [string, number][])).toEqual(reference.ecom_event_counts);
    });

    it('has the funnel of people within a day', () => funnel(reference.ecom_users_24h, ''));
    it('has the funnel of sessions', () => funnel(reference.ecom_sessions, 'session_id'));

    it('has the sessions', async () => {
      expect(await figures.ask('sessions', { pause_seconds: 1800 })).toEqual([
        [600, reference.ecom_sessions_by_30min_gap],
      ]);
    });

    it('has the transitions', async () => {
      const found = await figures.ask('transitions', { within: 'session_id', most: 10 });
      expect(found).toEqual(reference.ecom_top_transitions.map(([[from, to], times]) => [from, to, times]));
    });
  });

  describe('of REES46', () => {
    beforeAll(async () => {
      await figures.clear();
      expect(await figures.load('rees46', [rees46])).toBe(reference.rees46.events);
    });

    it('has every event, also rows that are equal', async () => {
      const counts = await figures.rows('SELECT event, count() FROM touchpoints GROUP BY event');
      const { view, cart, purchase } = reference.rees46.by_type;
      expect(Object.fromEntries(counts as [string, number][])).toEqual({
        ...{ 'Product Viewed': view, 'Product Added': cart, 'Order Completed': purchase },
      });
      const sessions = "SELECT uniqExact(JSONExtractString(properties, 'session_id')) FROM touchpoints";
      expect(await figures.rows(sessions)).toEqual([[reference.rees46.sessions]]);
    });

    it('has the funnel of an hour', () =>
      funnel(reference.rees46.funnel_1h, '', ['Product Viewed', 'Product Added', 'Order Completed']));

    it('has the sessions', async () => {
      expect(await figures.ask('sessions', { pause_seconds: 1800 })).toEqual([
        [reference.rees46.users, reference.rees46.sessions_30min_gap],
      ]);
    });
  });
});
