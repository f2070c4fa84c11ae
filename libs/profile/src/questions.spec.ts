import { initialState, type ProfileState } from './profile-state.js';
import { nextQuestion } from './questions.js';
import { profileRulesFrom } from './rules/profile-rules.js';

const day = 86_400_000;
const rules = profileRulesFrom([
  {
    questions: [
      { id: 'name', text: 'What may we call you?', trait: 'name', known_by: ['firstName'], priority: 2 },
      { id: 'birthday', text: 'When is your birthday?', trait: 'birthday', priority: 1, ask_again_after: '90 days' },
    ],
  },
]);
const knowing = (...names: readonly string[]): ProfileState => ({
  ...initialState,
  traits: Object.fromEntries(
    names.map((name) => [name, { at: [0, 0, 0, 0] as const, source: 'shop', value: 'something' }]),
  ),
});

describe('the next question', () => {
  it('is the most important one of what is not known', () => {
    const { next, open } = nextQuestion(rules, initialState, 0);
    expect([next?.question.id, open.map(({ question }) => question.id)]).toEqual(['name', ['name', 'birthday']]);
  });

  it('is not what another trait says already', () => {
    const { next, open } = nextQuestion(rules, knowing('firstName'), 0);
    expect([next?.question.id, open.length]).toEqual(['birthday', 1]);
  });

  it('is none when all is known, or was asked lately', () => {
    expect(nextQuestion(rules, knowing('name', 'birthday'), 0).next).toBeUndefined();
    const asked = { ...knowing('name'), relationship: { ...initialState.relationship, asked: { birthday: day } } };
    expect(nextQuestion(rules, asked, 90 * day)).toMatchObject({ next: undefined, open: [{ lastAskedAt: day }] });
    expect(nextQuestion(rules, asked, 91 * day).next?.lastAskedAt).toBe(day);
  });
});
