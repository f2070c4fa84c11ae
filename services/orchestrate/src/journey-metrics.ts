import type { JourneyEvent } from '@rapport/journeys';
import { Counter, type Registry } from 'prom-client';

const name = 'rapport_journey_decisions_total';

/**
 * Counts every decision with its reason, so that a rise of messages withheld or entries refused can raise an alarm. A
 * batch that is done again counts again; the exact figures are on the topic `journeys`.
 */
export function createJourneyMetrics(registry: Registry): (events: readonly JourneyEvent[]) => void {
  const counter =
    (registry.getSingleMetric(name) as Counter | undefined) ??
    new Counter({
      name,
      help: 'Decisions of journeys, by kind and reason',
      labelNames: ['journey', 'kind', 'reason'],
      registers: [registry],
    });
  return (events) => {
    for (const event of events) {
      const reason = 'reason' in event ? event.reason : '';
      counter.inc({ journey: event.journeyId, kind: event.kind, reason });
    }
  };
}
