import type { Erasure } from './erasure.js';
import { ErasureRound, goingTogether } from './erasure-round.js';
import { anErasure } from './testing/an-erasure.js';

const roundOf = (...ids: string[]) => {
  const stop = new AbortController();
  return {
    stop,
    round: new ErasureRound(
      ids.map((id) => anErasure(id)),
      stop.signal,
    ),
  };
};
const going = ({ members }: ErasureRound) => members.map((member) => member.erasure.erasureId);

describe('erasures that go together', () => {
  it('go on without the one that fails, which is said by its id', async () => {
    const { round } = roundOf('a', 'b', 'c');
    const broken = new Error('broken');
    await round.forEach(({ erasure: { erasureId } }) =>
      erasureId === 'b' ? Promise.reject(broken) : Promise.resolve(),
    );
    expect(going(round)).toEqual(['a', 'c']);
    expect([...round.failures]).toEqual([['b', broken]]);
  });

  it('do in one go what goes in one go', async () => {
    const { round } = roundOf('a', 'b', 'c');
    const asked: number[] = [];
    await round.together((members) => Promise.resolve(void asked.push(members.length)));
    expect(asked).toEqual([3]);
    expect(going(round)).toEqual(['a', 'b', 'c']);
  });

  it('leave behind who alone is to blame that all of them failed', async () => {
    const { round } = roundOf('a', 'b', 'c');
    const asked: string[] = [];
    await round.together((members) => {
      const ids = members.map((member) => member.erasure.erasureId).join('');
      asked.push(ids);
      return ids.includes('c') ? Promise.reject(new Error(ids)) : Promise.resolve();
    });
    expect(asked).toEqual(['abc', 'a', 'b', 'c']);
    expect(going(round)).toEqual(['a', 'b']);
    expect([...round.failures.keys()]).toEqual(['c']);
  });

  it('ask once where there is one, and nobody where nobody is left', async () => {
    const { round } = roundOf('a');
    let asked = 0;
    const work = () => Promise.reject(new Error(`${(asked += 1)}`));
    await round.together(work);
    await round.together(work);
    await round.forEach(work);
    expect([asked, going(round)]).toEqual([1, []]);
  });

  it('stop where they are when they are told to', async () => {
    const { round, stop } = roundOf('a', 'b');
    const asked: string[] = [];
    const stopped = round.forEach(({ erasure: { erasureId } }) => {
      asked.push(erasureId);
      stop.abort(new Error('being stopped'));
      return Promise.resolve();
    });
    await expect(stopped).rejects.toThrow('being stopped');
    await expect(round.together(() => Promise.resolve())).rejects.toThrow('being stopped');
    expect([asked, [...round.failures]]).toEqual([['a'], []]);
  });

  it('have no id in common: of those who have, the first goes first', () => {
    const [a, b, c, d] = [
      anErasure('a'),
      anErasure('b', { profileIds: ['profile-b', 'profile-a'] }),
      anErasure('c', { subjectIds: ['subject-c'], profileIds: ['profile-b'] }),
      anErasure('d', { workspaceId: 'other', profileIds: ['profile-a'] }),
    ] as const;
    const ids = (erasures: readonly Erasure[]) => goingTogether(erasures).map(({ erasureId }) => erasureId);
    expect(ids([a, b, c, d])).toEqual(['a', 'd']);
    expect(ids([b, c])).toEqual(['b']);
    expect(ids([c, a])).toEqual(['c', 'a']);
    expect(ids([])).toEqual([]);
  });
});
