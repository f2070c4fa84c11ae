/** How far a rebuild is. */
export interface RebuildProgress {
  readonly done: number;
  /** So many records are left, as far as is known by now. */
  aim(left: number): void;
  add(records: number): void;
}

export function createProgress(onProgress?: (done: number, total: number) => void): RebuildProgress {
  let done = 0;
  let total = 0;
  return {
    get done() {
      return done;
    },
    aim(left) {
      total = done + left;
    },
    add(records) {
      done += records;
      onProgress?.(Math.min(done, total), total);
    },
  };
}
