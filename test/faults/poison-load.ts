import {
  broken,
  eventTime,
  identifierEvent,
  identifiers,
  largest,
  orderEvent,
  refused,
  times,
  totals,
  valueEvent,
  values,
  type BrokenRequest,
  type EventText,
} from './poison-cases.js';
import { poisonRecords, type PoisonRecord } from './poison-records.js';
import type { Answer, PoisonRun } from './poison-run.js';

/** Two more than a batch may hold. */
export const tooMany = 2_502;

export const numbered = (kind: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${kind}-${index}`);

const neighbour = (id: string, place: 'before' | 'after'): string =>
  `{"type":"identify","messageId":"${id}-${place}","userId":"${id}-${place}","timestamp":"${eventTime}","traits":{"place":"${place}"}}`;

const batchOf = (...events: readonly string[]): string => `{"batch":[${events.join(',')}]}`;

/**
 * Sends every case between two good neighbours and remembers the answers by id: the kind of the case and its number, as in
 * `value-3`. The neighbours of a case have its id with `-before` and `-after`.
 */
export class PoisonLoad {
  readonly answers = new Map<string, Answer>();
  /** userIds of the neighbours. */
  readonly neighbours: string[] = [];
  /** Events that Rapport has to account for: each is stored, a duplicate, or rejected. */
  events = 0;
  rejections = 0;
  duplicates = 0;
  /** What was put on the log past the collector. */
  poisoned: readonly (PoisonRecord & { readonly partition: number; readonly offset: number })[] = [];

  constructor(private readonly run: PoisonRun) {}

  get stored(): number {
    return this.events - this.duplicates - this.rejections;
  }

  /** Everybody who named a userId in an event that is stored. */
  get people(): number {
    const stored = [values, times, totals, identifiers].reduce((sum, { length }) => sum + length, ['largest'].length);
    return this.neighbours.length + stored;
  }

  async sendEverything(): Promise<void> {
    await this.sendEach(
      'value',
      values.map(([, value]) => valueEvent(value)),
    );
    await this.sendEach(
      'time',
      times.map(([, event]) => event),
    );
    await this.sendEach(
      'total',
      totals.map(([, total]) => orderEvent(total)),
    );
    await this.sendEach(
      'identifier',
      identifiers.map(([, userId]) => identifierEvent(userId)),
    );
    await this.sendAmongGood('largest', largest);
    await this.sendAmongGood('repeated', (id) => neighbour(id, 'before'));
    await this.sendAmongGood('contradicted', (id) =>
      neighbour(id, 'before').replace(eventTime, '2020-01-01T00:00:00.000Z').replace('"place":"before"', '"place":"?"'),
    );
    this.duplicates += 2;
    await this.sendEach(
      'refused',
      refused.map(([, event]) => event),
    );
    this.rejections += refused.length;
    for (const [index, [, request]] of broken.entries()) await this.sendBroken(`broken-${index}`, request);
    await this.sendTooMany();
  }

  /** Every poison record on several partitions, and good touchpoints behind them. */
  async appendPoisonRecords(): Promise<void> {
    const { eventLog, codec } = this.run.platform;
    const [sound] = await this.run.eventsOf('touchpoints', 'touchpoint');
    if (!sound) throw new Error('no touchpoint to make poison of');
    const records = poisonRecords(codec, sound).flatMap((record) =>
      numbered(record.name, 4).map((key) => ({ ...record, key })),
    );
    const positions = await eventLog.append(records.map(({ key, value }) => ({ topic: 'touchpoints', key, value })));
    this.poisoned = positions.map((position, index) => ({ ...records[index]!, ...position }));
    await this.sendNeighbours(numbered('behind', 40), ['before', 'after']);
  }

  private async sendEach(kind: string, events: readonly EventText[]): Promise<void> {
    for (const [index, event] of events.entries()) await this.sendAmongGood(`${kind}-${index}`, event);
  }

  /** The poison in the middle of a batch, which is taken whatever it holds. */
  private async sendAmongGood(id: string, event: EventText): Promise<void> {
    const batch = batchOf(neighbour(id, 'before'), event(id), neighbour(id, 'after'));
    this.answers.set(id, await this.run.post(batch));
    this.neighbours.push(`${id}-before`, `${id}-after`);
    this.events += 3;
  }

  /** A request that is poison as a whole, between two good ones. */
  private async sendBroken(id: string, { body, headers, reason, times: often = 1 }: BrokenRequest): Promise<void> {
    await this.sendNeighbours([id], ['before']);
    const answers = await Promise.all(Array.from({ length: often }, () => this.run.post(body, headers)));
    const unlike = answers.find(({ status }) => status !== answers[0]?.status);
    this.answers.set(id, unlike ?? answers[0]!);
    await this.sendNeighbours([id], ['after']);
    this.events += reason === undefined ? 0 : often;
    this.rejections += reason === undefined ? 0 : often;
  }

  private async sendNeighbours(ids: readonly string[], places: readonly ('before' | 'after')[]): Promise<void> {
    const events = ids.flatMap((id) => places.map((place) => neighbour(id, place)));
    await this.run.post(batchOf(...events));
    this.neighbours.push(...ids.flatMap((id) => places.map((place) => `${id}-${place}`)));
    this.events += events.length;
  }

  private async sendTooMany(): Promise<void> {
    const pages = numbered('many', tooMany).map((id) => `{"type":"page","messageId":"${id}","anonymousId":"flood"}`);
    this.answers.set('many', await this.run.post(batchOf(...pages)));
    this.events += tooMany;
    this.rejections += 2;
  }
}
