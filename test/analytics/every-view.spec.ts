import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './analytics.js';
import { specsAboutViews, viewNames } from './view-names.js';

/** Views whose specs make up the question: how it stands there. */
const askedAs: Readonly<Record<string, RegExp>> = {
  attribution: /call\('attribution'/,
  rfm: /FROM rfm\b|rfm\(as_of/,
  scorecard_weekly: /scorecard\('weekly'\)/,
  scorecard_monthly: /scorecard\('monthly'\)/,
  scorecard_quarterly: /scorecard\('quarterly'\)/,
};

describe('every view', () => {
  const specs = specsAboutViews();

  it.each(viewNames())('%s is asked by a spec that says what the answer is', (name) => {
    // A new view: write a spec in test/analytics with a small shop whose figures can be checked by hand.
    // Some specs ask several alike, by name: ask('order_history').
    expect(specs).toMatch(askedAs[name] ?? new RegExp(`((FROM|JOIN) |ask\\(')${name}\\b`));
  });

  it('stands in docs/sql/tested.md, which says what it is held to', () => {
    const table = readFileSync(path.join(root, 'docs/sql/tested.md'), 'utf8');
    expect(viewNames().filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
  });
});
