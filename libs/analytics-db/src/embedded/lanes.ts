import { ClickHouseServerError } from './clickhouse-error.js';

/** Lets a bounded number of queries run and a bounded number wait, first come first served. */
export class Lanes {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly width: number,
    private readonly queueLength: number,
  ) {}

  /** Resolves with the function that leaves again. */
  async enter(): Promise<() => void> {
    if (this.#running >= this.width) {
      if (this.#waiting.length >= this.queueLength) {
        throw new ClickHouseServerError(
          202,
          'TOO_MANY_SIMULTANEOUS_QUERIES',
          `${this.width} queries run and ${this.queueLength} wait already. Try again later`,
        );
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    return () => this.#leave();
  }

  #leave(): void {
    const next = this.#waiting.shift();
    // The place is handed over, not freed, so that nobody overtakes the queue.
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
