import type { GoalReading, MetricReading, RhythmReading, ScorecardDto } from '@rapport/service-query';
import { changeText, figureText } from './figure-text.js';
import { metricChart } from './metric-chart.js';
import { needsAction, titleOf, unconvertedText } from './scorecard-text.js';

const style = `
:root { color-scheme: light; --ink: #1b2326; --soft: #536067; --line: #d5dcdf; --good: #0b5d3b; --bad: #8f1d1d; }
body { font: 16px/1.45 system-ui, sans-serif; color: var(--ink); background: #fff; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
h1 { font-size: 1.7rem; } h2 { margin-top: 2.5rem; border-bottom: 2px solid var(--ink); } h3 { text-transform: capitalize; margin: 1.5rem 0 .5rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(21rem, 100%), 1fr)); gap: 1rem; }
.card { border: 1px solid var(--line); border-radius: .4rem; padding: .8rem 1rem; }
.card h4 { margin: 0; font-size: 1rem; } .value { font-size: 1.6rem; font-weight: 600; margin: .2rem 0; }
.soft, .card dl { color: var(--soft); font-size: .875rem; } .good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .1rem .6rem; margin: .5rem 0; } dd { margin: 0; }
table { border-collapse: collapse; font-size: .9rem; } th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; } .scroll { overflow-x: auto; } svg { max-width: 100%; height: auto; }
summary:focus-visible { outline: 2px solid #0b6e75; }
@media print { .card { break-inside: avoid; } details { display: none; } }
`;

/** The scorecard as one HTML page that needs nothing else: no script, no network. Charts have their figures as tables beside them. */
export async function scorecardPage(scorecard: ScorecardDto): Promise<string> {
  const { workspace, period, timeZone, currency, unconverted, rhythms, goals } = scorecard;
  const title = `Relationship scorecard of ${workspace}, ${period}`;
  const sections: string[] = [];
  for (const rhythm of rhythms) sections.push(await rhythmSection(rhythm, currency));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
<p class="soft">Days are counted in ${escaped(timeZone)}, money is in ${escaped(currency)}. The dashed line of a chart is the target, or else the baseline.</p>
${unconverted.map((money) => `<p class="bad" role="note">${escaped(unconvertedText(money, currency))}</p>`).join('\n')}
</header>
<main>
${goals.length === 0 ? '' : goalsSection(goals, currency)}
${sections.join('\n')}
</main>
</body>
</html>
`;
}

async function rhythmSection(rhythm: RhythmReading, currency: string): Promise<string> {
  const parts: string[] = [`<section><h2>${escaped(titleOf(rhythm))}</h2>`];
  for (const [layer, metrics] of Map.groupBy(rhythm.metrics, (metric) => metric.layer)) {
    parts.push(`<h3>${escaped(layer)}</h3><div class="cards">`);
    for (const metric of metrics) parts.push(await card(metric, currency));
    parts.push('</div>');
  }
  return [...parts, '</section>'].join('\n');
}

async function card(metric: MetricReading, currency: string): Promise<string> {
  const show = (value: number | null): string => escaped(figureText(value, metric.unit, currency));
  const chart = await metricChart(metric);
  const change = changeText(metric.value, metric.previous, metric.unit);
  const tone = needsAction(metric) ? 'bad' : metric.status === 'on target' ? 'good' : '';
  const facts: (readonly [string, string])[] = [
    ['Status', `<span class="${tone}">${metric.status}</span>`],
    // Of parts, each has its own.
    ...(metric.parts.length > 0
      ? []
      : ([
          ['Baseline', show(metric.baseline)],
          ['Target', show(metric.target)],
        ] as const)),
    ['Kind', `${metric.kind}, better when ${metric.good}`],
    ['Owner', escaped(metric.owner)],
  ];
  return `<article class="card">
<h4>${escaped(metric.name)}</h4>
${metric.parts.length > 0 ? partsTable(metric, currency) : `<p class="value">${show(metric.value)} <span class="soft">${escaped(change)}</span></p>`}
${chart === null ? '' : `<div aria-hidden="true">${chart}</div>`}
<p class="soft">${escaped(metric.definition)}</p>
<dl>${facts.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl>
${needsAction(metric) ? `<p><strong>To consider:</strong> ${escaped(metric.action)}</p>` : ''}
${chart === null ? '' : historyTable(metric, currency)}
</article>`;
}

function partsTable({ name, unit, parts }: MetricReading, currency: string): string {
  const rows = parts.map(
    ({ label, value, baseline, target, base }) =>
      `<tr><th scope="row">${escaped(label)}</th>${[value, baseline, target].map((figure) => `<td class="number">${escaped(figureText(figure, unit, currency))}</td>`).join('')}<td class="number">${base.toLocaleString('en')}</td></tr>`,
  );
  const heads = ['Value', 'Baseline', 'Target', 'Rests on'].map(
    (head) => `<th scope="col" class="number">${head}</th>`,
  );
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escaped(name)} by part"><table><caption class="soft">${escaped(name)} by part</caption><thead><tr><th scope="col">Part</th>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function historyTable({ name, unit, history }: MetricReading, currency: string): string {
  const rows = history.map(
    ({ start, value }) =>
      `<tr><th scope="row">${start}</th><td class="number">${escaped(figureText(value, unit, currency))}</td></tr>`,
  );
  return `<details><summary>${escaped(name)}: the figures of the chart</summary><table><thead><tr><th scope="col">From</th><th scope="col" class="number">Value</th></tr></thead><tbody>${rows.join('')}</tbody></table></details>`;
}

function goalsSection(goals: readonly GoalReading[], currency: string): string {
  const heads = ['Goal', 'Status', 'Baseline', 'Now', 'Pace', 'Forecast', 'Target', 'By', 'Owner'];
  const rows = goals.map((goal) => {
    const figures = [goal.baseline, goal.current, goal.pace, goal.forecast, goal.target].map(
      (value) => `<td class="number">${escaped(figureText(value, goal.unit, currency))}</td>`,
    );
    const tone = goal.status === 'behind' || goal.status === 'missed' ? 'bad' : 'good';
    return `<tr><th scope="row">${escaped(goal.name)}</th><td class="${tone}">${goal.status}</td>${figures.join('')}<td>${goal.by}</td><td>${escaped(goal.owner ?? '')}</td></tr>`;
  });
  return `<section><h2>Goals</h2>
<p class="soft">Pace is where the figure should be by now on a straight way to the target; forecast is where its trend leads on the last day.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Goals"><table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
