/** A profile entered or left a segment. Key: `profileId`. */
export interface MembershipChanged {
  readonly workspaceId: string;
  readonly profileId: string;
  readonly segmentId: string;
  readonly change: 'entered' | 'exited';
  /** Event time of what changed it: the touchpoint's time, or when the timer fell due. */
  readonly timestamp: number;
  /** Log time of the decision. */
  readonly decidedAt: number;
  /** The touchpoint or timer that changed it. */
  readonly causeId: string;
  /** True when the cause was imported history: it never triggers a journey. */
  readonly imported: boolean;
  /** True when the person was merged or split: nobody did anything, and it never triggers a journey. */
  readonly rearranged: boolean;
}

/**
 * A person came into another stage of the relationship, as it was decided then; late touchpoints may correct the past
 * without a further event. Key: `profileId`.
 */
export interface LifecycleChanged {
  readonly workspaceId: string;
  readonly profileId: string;
  /** Empty when nothing was known of the person before. */
  readonly fromStage: string;
  readonly toStage: string;
  /** What holds of the person, in words: the `because` of the definition. */
  readonly reason: string;
  /** Since when: the event time of what brought it about, or the moment the time had passed. */
  readonly timestamp: number;
  /** Log time of the decision. */
  readonly decidedAt: number;
  /** The touchpoint, timer, merge or split that showed it. */
  readonly causeId: string;
  /** True when the cause was imported history: it never triggers a journey. */
  readonly imported: boolean;
}

/** A score of a profile has a new value. Key: `profileId`. */
export interface ScoreChanged {
  readonly workspaceId: string;
  readonly profileId: string;
  readonly scoreId: string;
  /** For example `{"recency":5,"frequency":4,"monetary":3}` as numbers by component; `value` is the headline. */
  readonly value: number;
  readonly components: Readonly<Record<string, number>>;
  readonly computedAt: number;
  readonly causeId: string;
}

/** A timer that fell due. Key: `profileId`, or the workspace for a timer of the whole workspace. */
export interface TimerFired {
  readonly workspaceId: string;
  /** The service that set it and will act on it. */
  readonly owner: string;
  readonly timerId: string;
  readonly profileId: string | null;
  /** What the owner wrote down when it set the timer, for example `segment/lapsed-90-days`. */
  readonly purpose: string;
  readonly dueAt: number;
  readonly firedAt: number;
}
