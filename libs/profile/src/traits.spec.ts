import type { JsonValue, OpenedTouchpoint } from '@rapport/events';
import fc from 'fast-check';
import { joinTraits, profileRulesFrom, traitsSaid } from './index.js';

const rules = profileRulesFrom([
  {
    inferred_sources: ['guess'],
    traits: [
      { name: 'heard', conflict: 'first' },
      { name: 'language', conflict: 'most-frequent' },
      { name: 'company', conflict: 'source-priority', sources: ['crm', 'web'] },
    ],
  },
]);

interface Said {
  readonly at: number;
  readonly value: JsonValue;
  readonly source?: string;
  /** The sender says that it is a guess. */
  readonly isGuess?: boolean;
}

const touchpoint = ({ at, source = 'web', isGuess = false }: Said): OpenedTouchpoint => ({
  workspaceId: 'shop',
  sourceId: source,
  messageId: `m${at}`,
  type: 'identify',
  event: null,
  subjectId: 's',
  keyId: 'k',
  timestamp: at,
  originalTimestamp: at,
  sentAt: null,
  receivedAt: at,
  flags: [],
  imported: false,
  profileId: 'p',
  loneProfileId: 'p',
  logPartition: 0,
  logOffset: at,
  content: isGuess ? { context: { inferred: true } } : {},
});

/** What holds of a trait once all of it was said, in whatever order it comes. */
function held(name: string, ...all: readonly Said[]) {
  const traits = all.map((said) => traitsSaid(rules, touchpoint(said), { [name]: said.value }));
  const join = (some: typeof traits) => some.reduce((a, b) => joinTraits(rules, a, b), {})[name]!;
  const expected = join(traits);
  fc.assert(
    fc.property(fc.shuffledSubarray(traits, { minLength: traits.length }), (shuffled) => {
      expect(join(shuffled)).toEqual(expected);
    }),
    { numRuns: 50 },
  );
  const { value, source, inferred = false } = expected;
  return { value, source, inferred };
}

describe('of several values of a trait', () => {
  it('the newest holds where no rule says otherwise, and null clears', () => {
    expect(held('city', { at: 1, value: 'Graz' }, { at: 2, value: 'Linz' }).value).toBe('Linz');
    expect(held('city', { at: 1, value: 'Graz' }, { at: 2, value: null }).value).toBeNull();
  });

  it('the oldest holds by the rule "first", and null is none', () => {
    expect(held('heard', { at: 2, value: 'fair' }, { at: 3, value: 'web' }, { at: 1, value: null }).value).toBe('fair');
  });

  it('the one said most often holds by the rule "most-frequent"; of two the first by its text', () => {
    const said = ['de', 'en', 'en', 'de', 'en', 'fr'].map((value, at) => ({ at, value }));
    expect(held('language', ...said).value).toBe('en');
    expect(held('language', { at: 1, value: 'en' }, { at: 2, value: 'de' }).value).toBe('de');
  });

  it('the newest of the most trusted source holds by the rule "source-priority"', () => {
    const crm = [1, 2].map((at) => ({ at, value: `crm ${at}`, source: 'crm' }));
    const others = [
      { at: 3, value: 'web', source: 'web' },
      { at: 4, value: 'list', source: 'bought list' },
    ];
    expect(held('company', ...crm, ...others)).toEqual({ value: 'crm 2', source: 'crm', inferred: false });
    expect(held('company', ...others)).toMatchObject({ value: 'web', source: 'web' });
  });

  it.each(['city', 'heard', 'language', 'company'])('a guess never takes the place of what was said (%s)', (name) => {
    const guesses = [
      { at: 1, value: 'guessed', source: 'guess' },
      { at: 8, value: 'guessed', source: 'crm', isGuess: true },
      { at: 9, value: 'guessed', source: 'guess' },
    ];
    expect(held(name, ...guesses)).toMatchObject({ value: 'guessed', inferred: true });
    const said = { at: 5, value: 'said', source: 'web' };
    expect(held(name, ...guesses, said)).toEqual({ value: 'said', source: 'web', inferred: false });
  });
});
