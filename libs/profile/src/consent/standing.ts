import { compareStamps, type Stamped } from '../stamp.js';
import { compareConsents } from './compare-consents.js';
import { basisOf, type ConsentPolicy, type LawfulBasis } from './policy.js';
import type { ConsentStatement } from './statement.js';

/** `expired`: granted once, no longer. `unknown`: nobody said anything that counts. */
export type ConsentStanding = 'granted' | 'denied' | 'withdrawn' | 'expired' | 'unknown';

/** What counts now for one purpose on one channel. */
export interface Standing {
  readonly purpose: string;
  readonly channel: string;
  readonly status: ConsentStanding;
  readonly basis: LawfulBasis;
  readonly isAllowed: boolean;
  /** The statement that decides; `undefined` where there is none. */
  readonly decidedBy: ConsentStatement | undefined;
  /** Statements of profiles that were merged and disagree; the most restrictive decides. Empty without a conflict. */
  readonly conflict: readonly ConsentStatement[];
}

const restriction: Readonly<Record<ConsentStanding, number>> = {
  withdrawn: 4,
  denied: 3,
  granted: 2,
  expired: 1,
  unknown: 0,
};

/**
 * What a person allows for a purpose on a channel at `now` (milliseconds).
 *
 * Each lone profile is heard by its newest statement that speaks of the purpose (or the one it is part of, or `all`) and
 * of the channel (or `all`); of two at the same moment the more restrictive one. A statement that a newer one of the same
 * person settles is left out. Of what remains, the most restrictive decides. Depends on the set of statements only.
 */
export function standingOf(
  policy: ConsentPolicy,
  statements: readonly ConsentStatement[],
  { purpose, channel }: { readonly purpose: string; readonly channel: string },
  now: number,
): Standing {
  const speaking = statements.filter((statement) => speaksOf(policy, statement, purpose, channel));
  const heard = unsettled(newestOfEach(speaking));
  const validForMs = policy.purposes.find(({ id }) => id === purpose)?.validForMs ?? null;
  const positions = heard.map((statement) => ({ statement, status: statusAt(statement, validForMs, now) }));
  const [decisive] = positions.toSorted((a, b) => restriction[b.status] - restriction[a.status] || isLater(a, b));
  const status = decisive?.status ?? 'unknown';
  const basis = basisOf(policy, purpose, channel);
  const sides = new Set(positions.filter((one) => one.status !== 'expired').map((one) => one.status === 'granted'));
  return {
    purpose,
    channel,
    status,
    basis,
    isAllowed: allows(basis, status),
    decidedBy: decisive?.statement,
    conflict: sides.size > 1 ? positions.filter((one) => one.status !== 'expired').map((one) => one.statement) : [],
  };
}

/** Leaves out what a later statement of another lone profile overrides. */
export function unsettled<T extends Stamped & { readonly loneProfileId: string; readonly settles: readonly string[] }>(
  statements: readonly T[],
): readonly T[] {
  return statements.filter(
    (statement) =>
      !statements.some(
        (other) =>
          other.loneProfileId !== statement.loneProfileId &&
          other.settles.includes(statement.loneProfileId) &&
          compareStamps(other.at, statement.at) > 0,
      ),
  );
}

function isLater(a: { readonly statement: Stamped }, b: { readonly statement: Stamped }): number {
  return compareStamps(b.statement.at, a.statement.at);
}

function speaksOf(policy: ConsentPolicy, statement: ConsentStatement, purpose: string, channel: string): boolean {
  const partOf = policy.purposes.find(({ id }) => id === purpose)?.partOf ?? undefined;
  const aboutPurpose = statement.purpose === purpose || statement.purpose === 'all' || statement.purpose === partOf;
  return aboutPurpose && (statement.channel === channel || statement.channel === 'all');
}

function newestOfEach(statements: readonly ConsentStatement[]): readonly ConsentStatement[] {
  const newest = new Map<string, ConsentStatement>();
  for (const statement of statements) {
    const known = newest.get(statement.loneProfileId);
    if (known === undefined || outranks(statement, known)) newest.set(statement.loneProfileId, statement);
  }
  return [...newest.values()];
}

function outranks(a: ConsentStatement, b: ConsentStatement): boolean {
  return (compareConsents(a, b) || byName(a, b)) > 0;
}

function byName(a: ConsentStatement, b: ConsentStatement): number {
  return `${a.purpose}/${a.channel}` < `${b.purpose}/${b.channel}` ? 1 : -1;
}

function statusAt(
  { status, expiresAt, at }: ConsentStatement,
  validForMs: number | null,
  now: number,
): ConsentStanding {
  const ends = Math.min(
    expiresAt ?? Infinity,
    status === 'granted' && validForMs !== null ? at[0] + validForMs : Infinity,
  );
  return now < ends ? status : 'expired';
}

function allows(basis: LawfulBasis, status: ConsentStanding): boolean {
  switch (basis) {
    case 'consent':
      return status === 'granted';
    case 'legitimate-interest':
      return status !== 'withdrawn' && status !== 'denied';
    case 'contract':
    case 'legal-obligation':
      return true;
  }
}
