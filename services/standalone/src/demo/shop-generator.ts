import { inOrderOfTime, type DemoTouchpoint, type ShopHistory } from './history.js';
import { personTouchpoints } from './shop-person.js';
import { randomness, type Randomness } from './randomness.js';
import { seasonByMonth } from './shop-catalog.js';

export interface GeneratedShop {
  /** Any 32-bit integer. */
  readonly seed: number;
  /** People who come to buy; the last of them may not have ordered by `end`. Half as many more only look around. */
  readonly customers: number;
  /** Last instant of the history, milliseconds since the epoch. */
  readonly end: number;
  readonly months: number;
}

const dayMs = 86_400_000;

/** A coffee shop's past: the same arguments give the same messages, and more customers only add to them. */
export function generateShop(shop: GeneratedShop): ShopHistory {
  const messageIdPrefix = `demo-shop-${shop.seed}-`;
  const days = openingDays(shop.end, shop.months);
  const touchpoints: DemoTouchpoint[] = [];
  const lookers = Math.floor(shop.customers / 2);
  for (let number = 1; number <= shop.customers + lookers; number++) {
    const buys = number <= shop.customers;
    const stream = buys ? number : -(number - shop.customers);
    const random = randomness(shop.seed, stream);
    touchpoints.push(
      ...personTouchpoints(
        { number: stream, buys, seed: shop.seed, arrival: arrival(days, random), end: shop.end },
        random,
      ),
    );
  }
  return {
    title: `a generated coffee shop (seed ${shop.seed})`,
    messageIdPrefix,
    currency: 'EUR',
    touchpoints: inOrderOfTime(touchpoints),
    notes: [`Nobody in it is real. The same seed gives the same shop: ${shop.seed}.`],
  };
}

interface OpeningDay {
  readonly start: number;
  readonly newcomers: number;
}

/** The days of the history with their share of newcomers: slow growth, seasons, busy Sundays and Mondays. */
function openingDays(end: number, months: number): OpeningDay[] {
  const lastDay = Math.floor(end / dayMs) * dayMs;
  const last = new Date(lastDay);
  const first = Date.UTC(last.getUTCFullYear(), last.getUTCMonth() - months + 1, 1);
  const days: OpeningDay[] = [];
  for (let start = first; start <= lastDay; start += dayMs) {
    const date = new Date(start);
    const growth = 1 + (0.6 * (start - first)) / Math.max(dayMs, lastDay - first);
    const weekday = [1.2, 1.15, 1, 0.95, 0.95, 0.9, 1.05][date.getUTCDay()] ?? 1;
    days.push({ start, newcomers: growth * weekday * (seasonByMonth[date.getUTCMonth()] ?? 1) });
  }
  return days;
}

function arrival(days: readonly OpeningDay[], random: Randomness): number {
  const day = random.pickWeighted(days, ({ newcomers }) => newcomers);
  return day.start + timeOfDay(random);
}

/** Milliseconds after midnight: most people shop in the evening, some around noon. */
export function timeOfDay(random: Randomness): number {
  const hour = random.chance(0.65) ? random.normal(19.5, 1.8) : random.normal(12, 2.2);
  return Math.round(Math.min(23.9, Math.max(6, hour)) * 3_600_000);
}
