import type { AuditRecorded } from '@rapport/events';
import fc from 'fast-check';
import { auditHash, ChainCheck, firstPreviousHash } from './audit-chain.js';

type Said = Pick<AuditRecorded, 'at' | 'actor' | 'action' | 'target' | 'details'>;

const said: fc.Arbitrary<Said> = fc.record({
  at: fc.integer({ min: 0, max: 2_000_000_000_000 }),
  actor: fc.string(),
  action: fc.string(),
  target: fc.string(),
  details: fc.dictionary(fc.string(), fc.string()),
});

function chainOf(all: readonly Said[]): readonly AuditRecorded[] {
  let previousHash = firstPreviousHash;
  return all.map((one, i) => {
    const entry = { workspaceId: 'shop', sequence: i + 1, ...one, previousHash };
    previousHash = auditHash(entry);
    return { ...entry, hash: previousHash };
  });
}

function faultsOf(entries: readonly AuditRecorded[]) {
  const check = new ChainCheck();
  for (const entry of entries) check.add(entry);
  return check.report();
}

describe('the chain of the audit log', () => {
  it('is whole as it was written, also where a crash made entries stand there twice', () => {
    fc.assert(
      fc.property(fc.array(said, { minLength: 1 }), (all) => {
        const chain = chainOf(all);
        expect(faultsOf(chain)).toEqual({ entries: all.length, head: chain.at(-1)?.hash, faults: [] });
        expect(faultsOf(chain.flatMap((entry) => [entry, entry])).faults).toEqual([]);
      }),
    );
  });

  it('shows an entry that was removed, and one that stands in another place', () => {
    fc.assert(
      fc.property(fc.array(said, { minLength: 3 }), fc.nat(), (all, pick) => {
        const chain = chainOf(all);
        const at = pick % (chain.length - 1);
        expect(faultsOf(chain.toSpliced(at, 1)).faults).not.toEqual([]);
        expect(faultsOf(chain.toSpliced(at, 2, chain[at + 1]!, chain[at]!)).faults).not.toEqual([]);
      }),
    );
  });

  it('shows an entry that says something else, whether its hash was left or made anew', () => {
    fc.assert(
      fc.property(fc.array(said, { minLength: 2 }), fc.nat(), fc.string(), (all, pick, actor) => {
        const chain = chainOf(all);
        const at = pick % (chain.length - 1);
        const changed = { ...chain[at]!, actor: `${chain[at]!.actor}/${actor}` };
        expect(faultsOf(chain.with(at, changed)).faults).not.toEqual([]);
        expect(faultsOf(chain.with(at, { ...changed, hash: auditHash(changed) })).faults).not.toEqual([]);
      }),
    );
  });

  it('does not depend on the order in which details were given', () => {
    const [entry] = chainOf([{ at: 1, actor: 'cli', action: 'a', target: '', details: { x: '1', y: '2' } }]);
    expect(auditHash({ ...entry!, details: { y: '2', x: '1' } })).toBe(entry!.hash);
  });
});
