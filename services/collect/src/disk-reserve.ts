import { statfs } from 'node:fs/promises';

/** Nothing is taken in again before a tenth more is free: not in and out with every file that the databases clean up. */
const roomToResume = 1.1;

/**
 * Part of the log's disk that no new touchpoint is taken into. Databases that cannot write end, and cannot start again
 * either; with the reserve they work off what was taken, and free what they merge, while senders wait.
 */
export class DiskReserve {
  private free = Infinity;
  private spent = false;

  constructor(
    private readonly reserveBytes: number,
    /** Bytes that may still be written. */
    private readonly freeBytes: () => Promise<number>,
  ) {}

  /** As of the last measurement. */
  get isSpent(): boolean {
    return this.spent;
  }

  /** Gives whether that changed. */
  async measure(): Promise<boolean> {
    const before = this.spent;
    this.free = await this.freeBytes();
    this.spent = this.free < this.reserveBytes * (before ? roomToResume : 1);
    return this.spent !== before;
  }

  /** Throws what an operator has to know while it is spent. */
  check(): void {
    if (!this.spent) return;
    throw new Error(
      `${megabytes(this.free)} MB are free and ${megabytes(this.reserveBytes)} MB are kept free (RAPPORT_DISK_RESERVE_MB). ` +
        'Free some space; touchpoints are taken again by themselves.',
    );
  }
}

/** What an ordinary user may still write to the disk of `folder`. */
export async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function megabytes(bytes: number): number {
  return Math.floor(bytes / 1_000_000);
}
