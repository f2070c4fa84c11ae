const quietMs = 1000;
const pollMs = 250;

/**
 * Waits until the consumers have had nothing to do for a second (`longestMs` at most, a minute by default), told by their metrics. Without their
 * address (services run one by one) it waits that second only.
 */
export async function waitForConsumers(
  consumers: string | undefined,
  pause: (milliseconds: number) => Promise<void>,
  { longestMs = 60_000 }: { readonly longestMs?: number } = {},
): Promise<void> {
  let handled = await recordsHandled(consumers);
  for (let quiet = 0, waited = 0; quiet < quietMs && waited < longestMs; quiet += pollMs, waited += pollMs) {
    await pause(pollMs);
    const now = await recordsHandled(consumers);
    if (now !== handled) quiet = 0;
    handled = now;
  }
}

async function recordsHandled(consumers: string | undefined): Promise<number> {
  if (!consumers) return 0;
  const metrics = await fetch(`${consumers}/metrics`).then((response) => response.text());
  return [...metrics.matchAll(/^rapport_consumer_records_total\{.*\} (\d+)$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
}
