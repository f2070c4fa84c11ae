import { EventLogUnavailableError } from '../port/event-log.js';

export interface GroupCommitOptions<Item, Result> {
  /** Makes the items durable, all of them, and answers one result for each. */
  readonly commit: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Bytes that go into one commit at most (a single larger request goes alone). */
  readonly maxCommitBytes: number;
  /** Bytes that may wait; more are refused with `EventLogUnavailableError`, so that a slow log cannot fill the memory. */
  readonly maxQueuedBytes: number;
}

interface Request<Item, Result> {
  readonly items: readonly Item[];
  readonly bytes: number;
  readonly resolve: (results: readonly Result[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Group commit: what arrives while one commit is on its way goes together into the next. Commits never overlap. */
export class GroupCommit<Item, Result> {
  readonly #options: GroupCommitOptions<Item, Result>;
  #queue: Request<Item, Result>[] = [];
  #queuedBytes = 0;
  #draining: Promise<void> | undefined;
  #closed = false;

  constructor(options: GroupCommitOptions<Item, Result>) {
    this.#options = options;
  }

  async add(items: readonly Item[], bytes: number): Promise<readonly Result[]> {
    if (this.#closed) throw new EventLogUnavailableError('The event log is closed; it takes no records any more.');
    if (items.length === 0) return [];
    if (this.#queuedBytes > 0 && this.#queuedBytes + bytes > this.#options.maxQueuedBytes) {
      throw new EventLogUnavailableError('The event log is behind: too many records wait for it. Try again later.');
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ items, bytes, resolve, reject });
      this.#queuedBytes += bytes;
      this.#draining ??= this.#drain();
    });
  }

  /** Waits for what is queued; what comes later is refused. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#draining;
  }

  async #drain(): Promise<void> {
    // Lets everything that is appended in this turn of the event loop into the first commit.
    await Promise.resolve();
    while (this.#queue.length > 0) await this.#commitNext(this.#takeGroup());
    this.#draining = undefined;
  }

  #takeGroup(): Request<Item, Result>[] {
    let bytes = 0;
    let count = 0;
    for (const request of this.#queue) {
      if (count > 0 && bytes + request.bytes > this.#options.maxCommitBytes) break;
      bytes += request.bytes;
      count += 1;
    }
    this.#queuedBytes -= bytes;
    return this.#queue.splice(0, count);
  }

  async #commitNext(group: readonly Request<Item, Result>[]): Promise<void> {
    try {
      const items = group.length === 1 ? group[0]!.items : group.flatMap((request) => request.items);
      const results = await this.#options.commit(items);
      let next = 0;
      for (const request of group) {
        request.resolve(results.slice(next, next + request.items.length));
        next += request.items.length;
      }
    } catch (error) {
      for (const request of group) request.reject(error);
    }
  }
}
