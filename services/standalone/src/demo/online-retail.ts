import { type JsonObject } from '@rapport/events';
import { Decimal } from 'decimal.js';
import { inOrderOfTime, type DemoTouchpoint, type ShopHistory } from './history.js';
import { type InvoiceLine } from './invoice-lines.js';

/** Why lines of the file are not sent; each is a count of lines. */
export interface LeftOut {
  readonly withoutCustomer: number;
  /** Kept by no one: a quantity or a price of zero or less on an ordinary invoice. */
  readonly withoutQuantityOrPrice: number;
}

export interface OnlineRetailHistory extends ShopHistory {
  readonly linesRead: number;
  readonly linesOfOrders: number;
  readonly linesOfRefunds: number;
  readonly leftOut: LeftOut;
}

interface Invoice {
  readonly number: string;
  readonly customer: string;
  readonly refund: boolean;
  time: number;
  country: string;
  readonly lines: InvoiceLine[];
}

/** The collector's documented limit is 32 KB an event; the rest of the message needs little. */
const largestProductsBytes = 28_000;
const prefix = 'online-retail-';

/**
 * UCI Online Retail as touchpoints. An invoice is one `Order Completed` at the time of its first line, a credit note (number
 * with a leading C) one `Order Refunded` under its own number, because the file does not say which order it corrects.
 * Kept are lines with a customer, and on ordinary invoices with quantity and price above zero.
 */
export async function onlineRetailHistory(lines: AsyncIterable<InvoiceLine>): Promise<OnlineRetailHistory> {
  const invoices = new Map<string, Invoice>();
  const counts = { read: 0, orders: 0, refunds: 0, withoutCustomer: 0, withoutQuantityOrPrice: 0 };
  for await (const line of lines) {
    counts.read++;
    const refund = line.invoice.startsWith('C');
    const counted = refund ? line.quantity < 0 : line.quantity > 0;
    if (line.customer === '') counts.withoutCustomer++;
    else if (!counted || line.price.lte(0)) counts.withoutQuantityOrPrice++;
    else {
      counts[refund ? 'refunds' : 'orders']++;
      addLine(invoices, line, refund);
    }
  }
  return {
    title: 'UCI Online Retail, the invoices of a British gift shop',
    messageIdPrefix: prefix,
    currency: 'GBP',
    touchpoints: touchpointsOf([...invoices.values()]),
    linesRead: counts.read,
    linesOfOrders: counts.orders,
    linesOfRefunds: counts.refunds,
    leftOut: { withoutCustomer: counts.withoutCustomer, withoutQuantityOrPrice: counts.withoutQuantityOrPrice },
    notes: notes(counts),
  };
}

function addLine(invoices: Map<string, Invoice>, line: InvoiceLine, refund: boolean): void {
  const invoice = invoices.get(line.invoice);
  if (invoice === undefined) {
    const { invoice: number, customer, time, country } = line;
    invoices.set(number, { number, customer, refund, time, country, lines: [line] });
    return;
  }
  invoice.time = Math.min(invoice.time, line.time);
  invoice.lines.push(line);
}

/** Each invoice, and before it an identify where the customer or the customer's country is new. */
function touchpointsOf(invoices: readonly Invoice[]): DemoTouchpoint[] {
  const countries = new Map<string, string>();
  const touchpoints: DemoTouchpoint[] = [];
  for (const invoice of invoices.toSorted((a, b) => a.time - b.time || (a.number < b.number ? -1 : 1))) {
    if (countries.get(invoice.customer) !== invoice.country) {
      countries.set(invoice.customer, invoice.country);
      touchpoints.push(identify(invoice));
    }
    touchpoints.push(track(invoice));
  }
  return inOrderOfTime(touchpoints);
}

function identify({ number, customer, country, time }: Invoice): DemoTouchpoint {
  return {
    person: customer,
    message: {
      type: 'identify',
      // Sorts before the invoice's own id, which has the same time.
      messageId: `${prefix}${number}-customer`,
      timestamp: new Date(time).toISOString(),
      userId: customer,
      traits: { country },
    },
  };
}

function track(invoice: Invoice): DemoTouchpoint {
  return {
    person: invoice.customer,
    message: {
      type: 'track',
      event: invoice.refund ? 'Order Refunded' : 'Order Completed',
      messageId: `${prefix}${invoice.number}-invoice`,
      timestamp: new Date(invoice.time).toISOString(),
      userId: invoice.customer,
      properties: {
        order_id: invoice.number,
        total: invoice.lines
          .reduce((sum, { quantity, price }) => sum.plus(price.times(Math.abs(quantity))), new Decimal(0))
          .toNumber(),
        currency: 'GBP',
        ...productsOf(invoice),
      },
    },
  };
}

/** All lines; without their descriptions when the message would grow too large otherwise. */
function productsOf({ lines }: Invoice): JsonObject {
  const named = lines.map((line) => ({ ...product(line), name: line.description }));
  if (Buffer.byteLength(JSON.stringify(named)) <= largestProductsBytes) return { products: named };
  const bare = lines.map(product);
  if (Buffer.byteLength(JSON.stringify(bare)) <= largestProductsBytes) return { products: bare };
  return { products: [], products_left_out: lines.length };
}

function product({ stockCode, quantity, price }: InvoiceLine) {
  return { product_id: stockCode, price: price.toNumber(), quantity: Math.abs(quantity) };
}

function notes(counts: {
  readonly read: number;
  readonly orders: number;
  readonly refunds: number;
  readonly withoutCustomer: number;
  readonly withoutQuantityOrPrice: number;
}): string[] {
  const text = (count: number) => count.toLocaleString('en');
  return [
    `${text(counts.read)} lines read: ${text(counts.orders)} on invoices and ${text(counts.refunds)} on credit notes are sent.`,
    `Left out: ${text(counts.withoutCustomer)} lines without a customer, ` +
      `${text(counts.withoutQuantityOrPrice)} with a quantity or price of zero or less.`,
    'The dates in the file are local time without a zone; they are taken as UTC.',
    'The tables are net of refunds; published figures of this data set are usually gross.',
  ];
}
