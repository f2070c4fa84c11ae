const quietMs = 1000;
const pollMs = 250;

/**
 * Waits until the consumers have had nothing to do for a second (`longestMs` at most, ten minutes by default), told by
 * their metrics. Without their address (services run one by one) it waits that second only.
 */
export async function waitForConsumers(
  consumers: string | undefined,
  pause: (milliseconds: number) => Promise<void>,
  { longestMs = 600_000 }: { readonly longestMs?: number } = {},
): Promise<void> {
  let last = await workOf(consumers);
  for (let quiet = 0, waited = 0; quiet < quietMs && waited < longestMs; quiet += pollMs, waited += pollMs) {
    await pause(pollMs);
    const now = await workOf(consumers);
    if (now.handled !== last.handled || now.waiting > 0) quiet = 0;
    last = now;
  }
}

interface Work {
  readonly handled: number;
  /** Records not handled yet, those in hand included: a long batch on a busy machine handles nothing for seconds. */
  readonly waiting: number;
}

async function workOf(consumers: string | undefined): Promise<Work> {
  if (!consumers) return { handled: 0, waiting: 0 };
  const metrics = await fetch(`${consumers}/metrics`).then((response) => response.text());
  const sum = (name: string) =>
    [...metrics.matchAll(new RegExp(`^${name}\\{.*\\} (\\d+)$`, 'gm'))].reduce(
      (total, [, count]) => total + Number(count),
      0,
    );
  return {
    handled: sum('rapport_consumer_records_total'),
    waiting: sum('rapport_consumer_lag_records'),
  };
}
