import { jaroWinkler } from '@skyra/jaro-winkler';
import { distance } from 'fastest-levenshtein';
import type { FieldKind } from './duplicate-rules.js';

/**
 * How alike two values are: 0 is the same, then less and less alike up to `levelCount - 1`, which is unlike. The meaning of the levels in
 * between differs by kind; how much each says is learned from the records.
 */
export type Level = 0 | 1 | 2 | 3 | 4;
export const levelCount = 5;

/** One level, above `unlike`, for a value that was found in the field it is often swapped with. */
export const swappedLevel: Level = 3;
export const unlikeLevel: Level = 4;

/** @param a and @param b normalised, not empty */
export function compareValues(kind: FieldKind, a: string, b: string): Level {
  return a === b ? 0 : comparisons[kind](a, b);
}

const comparisons: Readonly<Record<FieldKind, (a: string, b: string) => Level>> = {
  name: (a, b) => {
    if (startsOther(a, b)) return 1;
    const likeness = jaroWinkler(a, b);
    if (likeness >= 0.92) return 1;
    return likeness >= 0.8 ? 2 : unlikeLevel;
  },
  text: (a, b) => {
    const likeness = editLikeness(a.replaceAll(' ', ''), b.replaceAll(' ', ''));
    if (likeness >= 0.85) return 1;
    return likeness >= 0.65 ? 2 : unlikeLevel;
  },
  code: (a, b) => {
    const edits = editsOf(a, b);
    if (edits <= 1) return 1;
    return edits <= 2 && Math.max(a.length, b.length) >= 6 ? 2 : unlikeLevel;
  },
  date: (a, b) => {
    const edits = editsOf(a, b);
    if (edits <= 1) return 1;
    return edits <= 2 || isDayMonthSwapped(a, b) ? 2 : unlikeLevel;
  },
  email: (a, b) => {
    const [localA = '', localB = ''] = [localPart(a), localPart(b)];
    if (localA === localB) return 1;
    return jaroWinkler(a, b) >= 0.88 || jaroWinkler(localA, localB) >= 0.9 ? 2 : unlikeLevel;
  },
};

export function localPart(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 0 ? email : email.slice(0, at);
}

/** "Rob" and "Robert": the short form is a start of the long one. */
function startsOther(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= 3 && long.startsWith(short);
}

function editLikeness(a: string, b: string): number {
  return 1 - distance(a, b) / Math.max(a.length, b.length);
}

/** Levenshtein, and two neighbours that changed places count as one edit, the most common slip of a typist. */
function editsOf(a: string, b: string): number {
  const edits = distance(a, b);
  return edits === 2 && a.length === b.length && isTransposed(a, b) ? 1 : edits;
}

function isTransposed(a: string, b: string): boolean {
  let at = 0;
  while (a[at] === b[at]) at += 1;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}

function isDayMonthSwapped(a: string, b: string): boolean {
  return (
    a.length === 8 && a.slice(0, 4) === b.slice(0, 4) && a.slice(4, 6) === b.slice(6) && a.slice(6) === b.slice(4, 6)
  );
}
