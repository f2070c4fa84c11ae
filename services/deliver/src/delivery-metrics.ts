import { Counter, type Registry } from 'prom-client';
import type { Receipt } from './channel.js';

const name = 'rapport_deliveries_total';

/** Counts what became of requested messages. A batch that is done again counts again; the exact figures are on `deliveries`. */
export function createDeliveryMetrics(registry: Registry): (receipts: readonly Receipt[]) => void {
  const counter =
    (registry.getSingleMetric(name) as Counter | undefined) ??
    new Counter({
      name,
      help: 'Requested messages, by channel, status and reason',
      labelNames: ['channel', 'status', 'reason'],
      registers: [registry],
    });
  return (receipts) => {
    for (const { message, status, reason } of receipts) {
      counter.inc({ channel: message.request.channel, status, reason: reason ?? '' });
    }
  };
}
