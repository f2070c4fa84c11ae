import type { Erasure, Finding } from './erasure.js';
import type { LogPosition } from './person.js';

/** One erasure on its way through the steps. */
export interface Member {
  readonly erasure: Erasure;
  /** By store. */
  readonly findings: Map<string, Finding>;
  /** Of their touchpoints on the log; known once they are about to be taken out of tables. */
  positions: readonly LogPosition[];
  destroyedKeys: number;
}

/** Why erasures were left behind, by their ids. */
export type Failures = ReadonlyMap<string, unknown>;

/** Erasures that go through the steps side by side. One that fails is left behind, to be tried again; the others go on. */
export class ErasureRound {
  private going: readonly Member[];
  private readonly failed = new Map<string, unknown>();

  constructor(
    erasures: readonly Erasure[],
    private readonly signal: AbortSignal,
  ) {
    this.going = erasures.map((erasure) => ({
      erasure,
      findings: new Map(erasure.findings.map((finding) => [finding.store, finding])),
      positions: [],
      destroyedKeys: 0,
    }));
  }

  /** Those that go on. */
  get members(): readonly Member[] {
    return this.going;
  }

  get failures(): Failures {
    return this.failed;
  }

  async forEach(work: (member: Member) => Promise<void>): Promise<void> {
    for (const member of this.going) {
      this.signal.throwIfAborted();
      await work(member).catch((error: unknown) => this.leaveBehind(member, error));
    }
    this.signal.throwIfAborted();
  }

  /** Does the work, which may be done again, for all at once; where that fails, for each alone, to find out who is to blame. */
  async together(work: (members: readonly Member[]) => Promise<void>): Promise<void> {
    this.signal.throwIfAborted();
    if (this.going.length === 0) return;
    try {
      await work(this.going);
    } catch (error) {
      const [only, ...others] = this.going;
      if (only && others.length === 0) this.leaveBehind(only, error);
      else await this.forEach((member) => work([member]));
    }
    this.signal.throwIfAborted();
  }

  private leaveBehind(member: Member, error: unknown): void {
    this.failed.set(member.erasure.erasureId, error);
    this.going = this.going.filter((each) => each !== member);
  }
}

/**
 * Those of the erasures, oldest first, that may go together: each has ids of its own. Who was asked for twice at the same moment is
 * erased twice, one after the other, so that what was found is counted for one of them.
 */
export function goingTogether(erasures: readonly Erasure[]): readonly Erasure[] {
  const taken = new Set<string>();
  const together: Erasure[] = [];
  for (const erasure of erasures) {
    const { workspaceId, profileIds, subjectIds, identifierHashes } = erasure;
    const ids = [...profileIds, ...subjectIds, ...identifierHashes].map((id) => `${workspaceId}\n${id}`);
    if (ids.every((id) => !taken.has(id))) together.push(erasure);
    for (const id of ids) taken.add(id);
  }
  return together;
}
