import { touchpointNames, type JsonObject, type OpenedTouchpoint } from '@rapport/events';
import type { ProfileState } from './profile-state.js';
import type { ProfileRules, Question } from './rules/profile-rules.js';
import { textOf } from './text.js';

/** The trait that an answer gives, where the touchpoint is an answer to a question that is defined. */
export function answersIn(rules: ProfileRules, { type, event, content }: OpenedTouchpoint): JsonObject | undefined {
  if (type !== 'track' || event !== touchpointNames.questionAnswered || content === undefined) return undefined;
  const { question_id: id, answer } = content.properties ?? {};
  const question = rules.questions.find((each) => each.id === textOf(id));
  return question === undefined || answer === undefined ? undefined : { [question.trait]: answer };
}

export interface OpenQuestion {
  readonly question: Question;
  /** Milliseconds since the epoch; `null` where it never was asked. */
  readonly lastAskedAt: number | null;
}

export interface QuestionsNow {
  /** What to ask next: the most important of what is unknown and was not asked lately. */
  readonly next: OpenQuestion | undefined;
  /** All about which nothing is known, the most important first, also those not to be asked now. */
  readonly open: readonly OpenQuestion[];
}

export function nextQuestion(
  { questions }: ProfileRules,
  { traits, relationship, lifecycle }: Pick<ProfileState, 'traits' | 'relationship' | 'lifecycle'>,
  now: number,
): QuestionsNow {
  const isKnown = (trait: string): boolean => (traits[trait]?.value ?? null) !== null;
  const open = questions
    .filter(({ trait, knownBy }) => ![trait, ...knownBy].some(isKnown))
    .map((question): OpenQuestion => ({ question, lastAskedAt: relationship.asked?.[question.id] ?? null }));
  const next = open
    .filter(({ question: { stages } }) => stages.length === 0 || stages.includes(lifecycle?.stage ?? ''))
    .find(({ question, lastAskedAt }) => lastAskedAt === null || lastAskedAt + question.askAgainAfterMs <= now);
  return { next, open };
}
