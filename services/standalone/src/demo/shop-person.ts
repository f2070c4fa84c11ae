import { type DemoMessage, type DemoTouchpoint } from './history.js';
import { type Randomness } from './randomness.js';
import { basket, orderCompleted, orderRefunded } from './shop-order.js';
import { acquisitionSources, countries, products, seasonByMonth, type AcquisitionSource } from './shop-catalog.js';

export interface ShopPerson {
  /** Negative for people who never buy. */
  readonly number: number;
  readonly seed: number;
  readonly buys: boolean;
  /** First visit, milliseconds since the epoch. */
  readonly arrival: number;
  readonly end: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Everything one person does in the shop, in order, up to `person.end`. */
export function personTouchpoints(person: ShopPerson, random: Randomness): DemoTouchpoint[] {
  const messages = person.buys ? customerMessages(person, random) : visit(lookerVisit(person, random), random);
  return messages
    .filter(({ timestamp }) => Date.parse(timestamp) <= person.end)
    .map((message, index) => ({
      person: personKey(person),
      message: { ...message, messageId: `demo-shop-${person.seed}-${personKey(person)}-${index}` },
    }));
}

type Draft = Omit<DemoMessage, 'messageId'>;

function personKey({ number }: ShopPerson): string {
  return number > 0 ? `c${number}` : `v${-number}`;
}

function customerMessages(person: ShopPerson, random: Randomness): Draft[] {
  const source = random.pickWeighted(acquisitionSources, ({ share }) => share);
  const campaign = random.pick(source.campaigns);
  const traits = customerTraits(person, source, campaign, random);
  const userId = `shop-${person.seed}-${person.number}`;
  const phone = { anonymousId: `phone-${person.seed}-${person.number}` };
  const laptop = { userId, anonymousId: `laptop-${person.seed}-${person.number}` };
  const messages: Draft[] = [];

  // Some people look around on the phone first; those visits become theirs when they sign in there.
  const looksFirst = random.chance(0.45);
  const firstOrder = person.arrival + (looksFirst ? random.exponential(1 / 3) * dayMs : 0);
  if (looksFirst) messages.push(...visit({ at: person.arrival, who: phone, source, campaign }, random));
  let orderNumber = 0;
  for (const at of orderTimes(firstOrder, person.end, source, random)) {
    orderNumber++;
    const device = looksFirst && random.chance(0.4) ? { userId, ...phone } : laptop;
    messages.push(...visit({ at: at - 6 * minuteMs, who: orderNumber === 1 ? anonymous(device) : device }, random));
    if (orderNumber === 1) messages.push({ type: 'identify', timestamp: iso(at - minuteMs), ...device, traits });
    messages.push(...order({ person, userId, device, orderNumber, at, source }, random));
  }
  if (looksFirst) messages.push({ type: 'identify', timestamp: iso(firstOrder + 2 * dayMs), userId, ...phone, traits });
  return messages.sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp));
}

/** Buy-till-you-die, thinned by the season; the first order always happens. */
function orderTimes(first: number, end: number, source: AcquisitionSource, random: Randomness): number[] {
  const perDay = random.gamma(1.6, source.pace / 1.6) / 30;
  const leaves = random.beta(source.leaving * 3, (1 - source.leaving) * 3);
  const busiest = Math.max(...seasonByMonth);
  const times = [first];
  let at = first;
  while (at <= end && !(times.at(-1) === at && random.chance(leaves))) {
    at += Math.max(0.5, random.exponential(perDay * busiest)) * dayMs;
    const season = seasonByMonth[new Date(Math.min(at, end)).getUTCMonth()] ?? 1;
    if (random.chance(season / busiest)) times.push(at);
  }
  return times.filter((time) => time <= end);
}

interface OrderPlaced {
  readonly person: ShopPerson;
  readonly userId: string;
  readonly device: { readonly userId: string; readonly anonymousId: string };
  readonly orderNumber: number;
  readonly at: number;
  readonly source: AcquisitionSource;
}

function order({ person, userId, device, orderNumber, at, source }: OrderPlaced, random: Randomness): Draft[] {
  const orderId = `${person.seed}-${person.number}-${orderNumber}`;
  const content = basket(source, new Date(at).getUTCMonth(), random);
  const completed = orderCompleted(orderId, content, orderNumber === 1 && source.medium === 'email' ? 0.1 : 0);
  const messages: Draft[] = [
    { type: 'track', event: 'Order Completed', timestamp: iso(at), ...device, properties: completed },
  ];
  if (random.chance(0.035)) {
    const refundedAt = at + random.between(2, 18) * dayMs;
    const properties = orderRefunded(completed, content, random.chance(0.6));
    // A refund is booked in the back office: it knows the customer, not the device.
    messages.push({ type: 'track', event: 'Order Refunded', timestamp: iso(refundedAt), userId, properties });
  }
  return messages;
}

interface Visit {
  readonly at: number;
  readonly who: { readonly userId?: string; readonly anonymousId: string };
  readonly source?: AcquisitionSource;
  readonly campaign?: string;
}

function lookerVisit(person: ShopPerson, random: Randomness): Visit {
  const source = random.pickWeighted(acquisitionSources, ({ share }) => share);
  const who = { anonymousId: `visitor-${person.seed}-${-person.number}` };
  return { at: person.arrival, who, source, campaign: random.pick(source.campaigns) };
}

/** A page, then a product or two. */
function visit({ at, who, source, campaign }: Visit, random: Randomness): Draft[] {
  const context = source && { campaign: { source: source.source, medium: source.medium, name: campaign ?? '' } };
  const messages: Draft[] = [
    { type: 'page', name: 'Home', timestamp: iso(at), ...who, properties: { path: '/' }, ...(context && { context }) },
  ];
  const views = 1 + random.poisson(0.6);
  for (let view = 1; view <= Math.min(views, 4); view++) {
    const product = random.pickWeighted(products, ({ appeal }) => appeal);
    const properties = { product_id: product.id, name: product.name, category: product.category };
    const timestamp = iso(at + view * minuteMs);
    messages.push({ type: 'track', event: 'Product Viewed', timestamp, ...who, properties });
  }
  return messages;
}

function customerTraits(person: ShopPerson, source: AcquisitionSource, campaign: string, random: Randomness) {
  const country = random.pickWeighted(countries, ({ share }) => share);
  const firstName = random.pick(country.firstNames);
  const lastName = random.pick(country.lastNames);
  return {
    email: `${mailText(firstName)}.${mailText(lastName)}.${person.number}@example.com`,
    firstName,
    lastName,
    address: { city: random.pick(country.cities), country: country.code },
    country: country.code,
    acquisition_source: source.source,
    acquisition_medium: source.medium,
    acquisition_campaign: campaign,
  };
}

function anonymous({ anonymousId }: { readonly anonymousId: string }): { readonly anonymousId: string } {
  return { anonymousId };
}

function mailText(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();
}

function iso(time: number): string {
  return new Date(Math.round(time)).toISOString();
}
