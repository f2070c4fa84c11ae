import { readFileSync } from 'node:fs';

/** How long a question took, in milliseconds, and what was answered. */
export interface Timing {
  readonly cold: number;
  /** The best of the repetitions. */
  readonly best: number;
  /** Time of all threads, of the repetition with the least. */
  readonly cpu: number;
  readonly text: string;
}

export function timingOf([cold = 0, ...warm]: readonly number[], text: string): Omit<Timing, 'cpu'> {
  return { cold, best: Math.min(...warm), text };
}

export function sqlOf(name: string): string {
  return readFileSync(new URL(`./sql/${name}`, import.meta.url), 'utf8');
}

/** The same numbers in the same text, whoever wrote them: 5, '5' and '5.0000' are one. */
export function sameText(rows: readonly unknown[][]): string {
  const cell = (value: unknown): string => {
    const text = String(value);
    return /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text;
  };
  return rows.map((row) => row.map(cell).join('\t')).join('\n');
}
