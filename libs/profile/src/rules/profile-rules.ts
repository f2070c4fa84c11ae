import { parseDuration, type TouchpointType } from '@rapport/events';
import { stageFrom, type Stage } from '../lifecycle/stage.js';
import { lifecycleEventsOf } from '../lifecycle/stage-events.js';
import type {
  ComputedFunction,
  ComputedTraitInFile,
  ConflictRule,
  FilterInFile,
  ImportantDateInFile,
  ProfileFile,
} from './definition.js';

export interface TraitRule {
  readonly conflict: ConflictRule;
  /** By source, for `source-priority`: the lower, the more trusted. */
  readonly rankOfSource: ReadonlyMap<string, number>;
}

export interface ComputedTrait {
  readonly name: string;
  readonly function: ComputedFunction;
  /** Empty: every event of the type. */
  readonly events: ReadonlySet<string>;
  readonly type: TouchpointType;
  readonly property: string | undefined;
  readonly filters: readonly FilterInFile[];
  /** Calendar days, today among them; `undefined` for all time. */
  readonly windowDays: number | undefined;
}

export interface Question {
  readonly id: string;
  readonly text: string;
  readonly trait: string;
  /** Other traits that say the same. */
  readonly knownBy: readonly string[];
  readonly priority: number;
  readonly askAgainAfterMs: number;
  /** Empty: in every stage. */
  readonly stages: readonly string[];
}

/** How profiles are put together: the definitions of all files, ready for use. */
export interface ProfileRules {
  readonly inferredSources: ReadonlySet<string>;
  readonly traits: ReadonlyMap<string, TraitRule>;
  readonly computed: readonly ComputedTrait[];
  /** Computed traits by `type` and `type/event`, so that a touchpoint none asks for costs one look-up. */
  readonly computedOf: ReadonlyMap<string, readonly ComputedTrait[]>;
  /** First that holds wins. */
  readonly stages: readonly Stage[];
  /** Events that a stage asks for by `performed`. */
  readonly stageEvents: ReadonlySet<string>;
  /** Highest priority first. */
  readonly questions: readonly Question[];
  readonly importantDates: readonly ImportantDateInFile[];
  /** Events by which a person shows where and when they can be reached; `null` for no channel. */
  readonly engagement: ReadonlyMap<string, string | null>;
  readonly interests: ReadonlyMap<string, number>;
  readonly searchable: readonly string[];
  readonly searchableComputed: ReadonlySet<string>;
  /** IANA time zone in which the days of a workspace are counted. */
  readonly timeZoneOf: (workspaceId: string) => string;
}

const dayMs = 86_400_000;

export function profileRulesFrom(
  files: readonly ProfileFile[],
  timeZoneOf: (workspaceId: string) => string = () => 'UTC',
): ProfileRules {
  const traits = files.flatMap((file) => file.traits ?? []);
  const computedInFile = files.flatMap((file) => file.computed_traits ?? []);
  const computed = computedInFile.map(computedTraitFrom);
  const stages = files.flatMap((file) => file.lifecycle?.stages ?? []).map(stageFrom);
  return {
    inferredSources: new Set(files.flatMap((file) => file.inferred_sources ?? [])),
    traits: new Map(
      traits.map(({ name, conflict = 'latest', sources = [] }) => [
        name,
        { conflict, rankOfSource: new Map(sources.map((source, rank) => [source, rank])) },
      ]),
    ),
    computed,
    computedOf: byTouchpoint(computed),
    stages,
    stageEvents: lifecycleEventsOf(stages),
    questions: files
      .flatMap((file) => file.questions ?? [])
      .map(questionFrom)
      .sort(byPriority),
    importantDates: files.flatMap((file) => file.important_dates ?? []),
    engagement: new Map(
      files.flatMap((file) => file.engagement ?? []).map((each) => [each.event, each.channel ?? null]),
    ),
    interests: new Map(files.flatMap((file) => file.interests ?? []).map(({ event, weight }) => [event, weight])),
    searchable: traits.filter(({ search }) => search).map(({ name }) => name),
    searchableComputed: new Set(computedInFile.filter(({ search }) => search).map(({ name }) => name)),
    timeZoneOf,
  };
}

function computedTraitFrom({
  name,
  function: how,
  event,
  type,
  property,
  window,
  where,
}: ComputedTraitInFile): ComputedTrait {
  return {
    name,
    function: how,
    events: new Set(event === undefined ? [] : [event].flat()),
    type: type ?? 'track',
    property,
    filters: where ?? [],
    windowDays: window === undefined ? undefined : Math.round(parseDuration(window) / dayMs),
  };
}

export function touchpointName(type: TouchpointType, event: string | null): string {
  return event === null ? type : `${type}/${event}`;
}

function byTouchpoint(computed: readonly ComputedTrait[]): ReadonlyMap<string, readonly ComputedTrait[]> {
  const found = new Map<string, ComputedTrait[]>();
  for (const trait of computed) {
    const names =
      trait.events.size === 0 ? [trait.type] : [...trait.events].map((event) => touchpointName(trait.type, event));
    for (const name of names) found.set(name, [...(found.get(name) ?? []), trait]);
  }
  return found;
}

function questionFrom(question: NonNullable<ProfileFile['questions']>[number]): Question {
  const {
    id,
    text,
    trait,
    known_by: knownBy = [],
    priority,
    ask_again_after: again = '30 days',
    stages = [],
  } = question;
  return { id, text, trait, knownBy, priority, askAgainAfterMs: parseDuration(again), stages };
}

function byPriority(a: Question, b: Question): number {
  return b.priority - a.priority || (a.id < b.id ? -1 : 1);
}

/** No definitions: every trait is the latest, and nothing is derived. */
export const noRules: ProfileRules = profileRulesFrom([]);
