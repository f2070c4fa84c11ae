import type { ScorecardDto } from '@rapport/service-query';
import { changeText, figureText } from './figure-text.js';
import { scorecardPage } from './scorecard-page.js';
import { scorecardText } from './scorecard-text.js';

type Metric = ScorecardDto['rhythms'][number]['metrics'][number];

const metric = (overrides: Partial<Metric>): Metric => ({
  ...{ id: 'retention', name: 'Retention', layer: 'behaviour', unit: 'share', good: 'up', kind: 'leading' },
  ...{ definition: 'Who came <again>', owner: 'CRM', action: 'Look at "cohorts"', target: 0.44, baseline: 0.4 },
  ...{ value: 0.3, base: 10, previous: 0.25, status: 'off target', parts: [] },
  history: [
    { start: '2010-09-01', value: 0.4, base: 5 },
    { start: '2010-10-01', value: null, base: 0 },
    { start: '2010-11-01', value: 0.3, base: 10 },
  ],
  ...overrides,
});
const google = { label: '<google>', value: 12.5, base: 3, baseline: 10, target: 11, status: 'on target' } as const;
const scorecard: ScorecardDto = {
  ...{ workspace: 'A & B', period: '2010-11', timeZone: 'UTC', currency: 'GBP', unconverted: [] },
  rhythms: [
    {
      ...{ rhythm: 'monthly', name: 'Retention', period: '2010-11', start: '2010-11-01', end: '2010-12-01' },
      metrics: [
        metric({}),
        metric({ id: 'quality', name: 'Quality', parts: [google], unit: 'money' }),
        metric({ id: 'nps', name: 'NPS', value: null, baseline: null, target: null, history: [], status: 'unknown' }),
      ],
    },
  ],
  goals: [
    {
      ...{ id: 'up', name: 'Retention up', owner: null, rhythm: 'monthly', metric: 'retention' },
      ...{ metricName: 'Retention', unit: 'share', from: '2010-07-01', by: '2011-06-30', status: 'behind' },
      ...{ baseline: 0.4, target: 0.46, current: 0.3, pace: 0.42, forecast: null, progress: -1.67 },
    },
  ],
};

describe('the scorecard as text', () => {
  it('has value, change, baseline, target and status, and says what to consider', () => {
    const text = scorecardText(scorecard);
    expect(text).toMatch(/Retention +leading +30% +\+5 pp +40% +44% +off target +CRM/);
    expect(text).toMatch(/NPS +leading +– +– +– +unknown/);
    expect(text).toMatch(/<google> +12\.50 GBP +10\.00 GBP +11\.00 GBP +on target +3/);
    expect(text).toMatch(/Retention up +behind +40% +30% +42% +– +46% +2011-06-30/);
    expect(text).toContain('- Retention (CRM): Look at "cohorts"');
  });
});

describe('the scorecard where a rate is missing', () => {
  const partial = { ...scorecard, unconverted: [{ currency: 'USD', orders: 1_200, amount: '30.5000' }] };
  const warning = 'Left out: 30.50 USD of 1,200 orders, for there is no rate from USD to GBP.';

  it('says what its figures leave out and how to mend it, as text and on the page', async () => {
    expect(scorecardText(partial)).toContain(`${warning} Declare one in deploy/definitions/money`);
    expect(await scorecardPage(partial)).toContain(warning);
  });

  it('says nothing where nothing is left out', async () => {
    expect(scorecardText(scorecard) + (await scorecardPage(scorecard))).not.toContain('Left out');
  });
});

describe('the scorecard of days without touchpoints', () => {
  const rhythm = scorecard.rhythms[0]!;
  const withValue = (value: number | null): ScorecardDto => ({
    ...scorecard,
    rhythms: [{ ...rhythm, metrics: [metric({ value, status: 'unknown' })] }],
  });

  it('says how to find the days that have some', () => {
    expect(scorecardText(withValue(null))).toContain('Nothing was recorded in these days.');
  });

  it('says nothing of the kind where a count is zero', () => {
    expect(scorecardText(withValue(0))).not.toContain('Nothing was recorded');
  });
});

describe('the scorecard as a page', () => {
  it('needs nothing but itself, and keeps what is not its own from being read as HTML', async () => {
    const page = await scorecardPage(scorecard);
    expect(page).toContain('<svg');
    expect(page).toContain('A &#38; B');
    expect(page).toContain('&#60;google&#62;');
    expect(page).not.toMatch(/<script|<link|<google>|url\(|@import|(src|href)="http/i);
    // Every chart has its figures as a table.
    expect(page.match(/<svg/g)).toHaveLength(page.match(/<details>/g)?.length ?? 0);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('figures', () => {
  it.each([
    [0.1234, 'share', '12.3%'],
    [0.0012, 'share', '0.12%'],
    [1234.5, 'money', '1,235 GBP'],
    [12.5, 'money', '12.50 GBP'],
    [1234, 'count', '1,234'],
    [25.04, 'points', '25.0'],
    [4.2, 'stars', '4.20'],
    [null, 'count', '–'],
  ] as const)('%p as %s are %s', (value, unit, text) => expect(figureText(value, unit, 'GBP')).toBe(text));

  it('change in points or in parts, and not from nothing', () => {
    expect(changeText(0.5, 0.4, 'share')).toBe('+10 pp');
    expect(changeText(90, 100, 'money')).toBe('-10%');
    expect(changeText(5, 0, 'count')).toBe('');
    expect(changeText(null, 4, 'count')).toBe('');
  });
});
