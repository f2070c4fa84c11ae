import { setTimeout as pause } from 'node:timers/promises';
import { analystClient } from '../cli/analyst-client.js';
import { CommandError } from '../cli/command-error.js';
import { unreachable } from '../cli/endpoints.js';
import { type Endpoints } from '../supervisor/endpoints.js';
import { startProgress } from '../cli/progress.js';
import { type Terminal } from '../cli/terminal.js';
import { textTable } from '../cli/text-table.js';
import { waitForArrival, type Arrived } from './arrival.js';
import { lifetimeValueTable, retentionTable } from './cohort-tables.js';
import { waitForConsumers } from './consumers.js';
import { summarize, type HistorySummary } from './history-summary.js';
import { type ShopHistory } from './history.js';
import { CollectorRefusedError, CollectorUnavailableError, sendTouchpoints, type Sent } from '../import/send.js';
import { readPresentState, readShopFigures, type PresentState, type ShopFigures } from './shop-figures.js';

export interface DemoResult {
  readonly history: HistorySummary;
  readonly sent: Sent & { readonly seconds: number };
  readonly arrived: Arrived & { readonly seconds: number };
  readonly figures: ShopFigures;
  /** Only for a history that was moved to now: the past triggers nothing. */
  readonly present?: PresentState;
}

/** Sends a history through the collector, waits until it can be queried, and reads the figures back through SQL. */
export async function runDemo(
  history: ShopHistory,
  endpoints: Endpoints,
  terminal: Terminal,
  { present }: { readonly present: boolean },
): Promise<DemoResult> {
  const expected = history.touchpoints.length;
  const { result: sent, seconds: sendSeconds } = await timed(() => send(history, endpoints, terminal));
  const clickhouse = analystClient(endpoints);
  try {
    const progress = startProgress(terminal, 'Computing', expected);
    const { result: arrived, seconds } = await timed(() =>
      waitForArrival(
        clickhouse,
        { messageIdPrefix: history.messageIdPrefix, expected },
        { pause, onProgress: ({ stored, rejected }) => progress.update(Math.min(expected, stored + rejected)) },
      ),
    ).finally(() => progress.stop());
    complainIfMissing(arrived, expected);
    // Merges and memberships travel on topics of their own and may be later than the touchpoints.
    await waitForConsumers(endpoints.consumers, pause);
    return {
      history: summarize(history),
      sent: { ...sent, seconds: sendSeconds },
      arrived: { ...arrived, seconds },
      figures: await readShopFigures(clickhouse),
      ...(present && { present: await readPresentState(clickhouse) }),
    };
  } finally {
    await clickhouse.close();
  }
}

/** The end of the demo as a person reads it. */
export function resultText(result: DemoResult, terminal: Terminal): string {
  const { arrived, sent, figures, present } = result;
  const number = (value: number) => value.toLocaleString('en');
  const parts = [
    `${number(arrived.stored)} touchpoints sent in ${sent.seconds.toFixed(1)} s and all computed ` +
      `${arrived.seconds.toFixed(1)} s later.`,
    'Retention: the share of each monthly cohort (month of the first order) that ordered in month n after it',
    retentionTable(figures.retention, terminal),
    `Lifetime value: revenue so far a customer, net of refunds, in ${figures.currency}`,
    lifetimeValueTable(figures.lifetimeValue, terminal),
    ...otherTouchpoints(result),
  ];
  return [...parts, ...(present ? [presentText(present)] : [])].join('\n\n');
}

/** The tables show everything in the data folder; say so where that is more than this history. */
function otherTouchpoints({ history, figures }: DemoResult): string[] {
  const first = new Map(figures.retention.map(({ cohortMonth, customers }) => [cohortMonth, customers]));
  const customers = [...first.values()].reduce((sum, count) => sum + count, 0);
  if (customers === history.buyers && figures.currency === history.currency) return [];
  return [
    `The tables show ${customers.toLocaleString('en')} customers in ${figures.currency}, this history has ` +
      `${history.buyers.toLocaleString('en')} in ${history.currency}: the data folder holds other touchpoints too. ` +
      'Another folder starts afresh: RAPPORT_DATA_DIR=.rapport-2 npm start',
  ];
}

function presentText({ segments, journeys, deliveries }: PresentState): string {
  const left = (title: string) => ({ title });
  const right = (title: string) => ({ title, align: 'right' as const });
  return [
    'Segments now',
    textTable(
      [left('segment'), right('members')],
      segments.map(({ segment, members }) => [segment, members.toLocaleString('en')]),
    ),
    'What the journeys decided',
    textTable(
      [left('journey'), left('decision'), left('reason'), right('people')],
      journeys.map(({ journey, kind, reason, people }) => [journey, kind, reason, people.toLocaleString('en')]),
    ),
    'Outbox (nothing leaves this machine)',
    deliveries.length === 0
      ? 'empty so far: journeys wait before they send'
      : textTable(
          [left('channel'), left('status'), right('messages')],
          deliveries.map(({ channel, status, messages }) => [channel, status, messages.toLocaleString('en')]),
        ),
  ].join('\n\n');
}

async function send(history: ShopHistory, endpoints: Endpoints, terminal: Terminal): Promise<Sent> {
  await fetch(`${endpoints.http}/health/live`).catch((error: unknown) => {
    throw unreachable(endpoints.http, error);
  });
  const progress = startProgress(terminal, 'Sending', history.touchpoints.length);
  let acknowledged = 0;
  try {
    return await sendTouchpoints(history.touchpoints, endpoints, {
      onAcknowledged: (touchpoints) => progress.update((acknowledged += touchpoints)),
    });
  } catch (error) {
    if (!(error instanceof CollectorUnavailableError || error instanceof CollectorRefusedError)) throw error;
    throw new CommandError(`Sending stopped after ${acknowledged} touchpoints: ${error.message}`, {
      hint: 'Start it again with the same options when this is mended: what has arrived is recognised and not counted twice.',
      cause: error,
    });
  } finally {
    progress.stop();
  }
}

function complainIfMissing({ stored, rejected }: Arrived, expected: number): void {
  if (stored === expected) return;
  const missing = expected - stored - rejected;
  throw new CommandError(
    `Of ${expected} touchpoints ${stored} can be queried, ${rejected} were rejected and ${missing} are still missing.`,
    {
      hint:
        rejected > 0
          ? 'npx rapport sql "SELECT reason, detail, count() FROM rejected_touchpoints GROUP BY ALL" says why.'
          : 'Nothing moved for a minute. The output of npm start says what the consumers are doing.',
    },
  );
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly seconds: number }> {
  const started = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - started) / 1000 };
}
