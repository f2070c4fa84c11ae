import type { ProfileState } from '../profile-state.js';
import type { ProfileRules } from '../rules/profile-rules.js';
import { stageAt, stageHistory } from './evaluate-stage.js';

/**
 * The state with the stage that its facts and clock give. Looked at anew only where a fact is new since `before`, or the
 * time has passed.
 */
export function withLifecycle(
  rules: ProfileRules,
  before: ProfileState | undefined,
  state: ProfileState,
): ProfileState {
  if (rules.stages.length === 0 || state.firstSeenAt === null) return state;
  if (before?.lifecycle && before.relationship.facts === state.relationship.facts) {
    const { dueAt } = before.lifecycle;
    if (dueAt === null || state.clock < dueAt) return state;
  }
  return { ...state, lifecycle: stageAt(rules.stages, state.relationship.facts ?? {}, state.clock) ?? null };
}

export interface LifecycleChange {
  readonly fromStage: string;
  readonly toStage: string;
  readonly reason: string;
  /** Since when, milliseconds since the epoch. */
  readonly since: number;
  /** Log time, milliseconds since the epoch. */
  readonly decidedAt: number;
}

/**
 * The change of stage that is worth telling, if any. That somebody unknown came along is none: the last stage is the one
 * of everybody of whom nothing else is known.
 */
export function lifecycleChange(
  { stages }: ProfileRules,
  before: Pick<ProfileState, 'lifecycle'>,
  after: ProfileState,
): LifecycleChange | undefined {
  const { lifecycle, relationship, firstSeenAt, clock } = after;
  const fromStage = before.lifecycle?.stage ?? '';
  if (lifecycle === null || lifecycle.stage === fromStage) return undefined;
  if (fromStage === '' && lifecycle.stage === stages.at(-1)?.id) return undefined;
  const history = stageHistory(stages, relationship.facts ?? {}, { firstSeenAt: firstSeenAt ?? clock, now: clock });
  const since = history.at(-1)?.since ?? clock;
  const reason = stages.find(({ id }) => id === lifecycle.stage)?.because ?? '';
  return { fromStage, toStage: lifecycle.stage, reason, since, decidedAt: clock };
}
