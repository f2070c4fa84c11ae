import type { TouchpointType } from '@rapport/events';

/** What `deploy/definitions/profile/*.yaml` say, checked against `schemas/definitions/profile.schema.json`. */
export interface ProfileFile {
  readonly inferred_sources?: readonly string[];
  readonly traits?: readonly TraitInFile[];
  readonly computed_traits?: readonly ComputedTraitInFile[];
  readonly lifecycle?: { readonly stages: readonly StageInFile[] };
  readonly questions?: readonly QuestionInFile[];
  readonly important_dates?: readonly ImportantDateInFile[];
  readonly engagement?: readonly { readonly event: string; readonly channel?: string }[];
  readonly interests?: readonly { readonly event: string; readonly weight: number }[];
}

export type ConflictRule = 'latest' | 'first' | 'most-frequent' | 'source-priority';

export interface TraitInFile {
  readonly name: string;
  readonly conflict?: ConflictRule;
  /** For `source-priority`: ids of sources, the most trusted first. */
  readonly sources?: readonly string[];
  readonly search?: boolean;
}

export const computedFunctions = [
  'count',
  'sum',
  'average',
  'min',
  'max',
  'first',
  'last',
  'most-frequent',
  'unique-list',
] as const;
export type ComputedFunction = (typeof computedFunctions)[number];

export interface ComputedTraitInFile {
  readonly name: string;
  readonly description?: string;
  readonly function: ComputedFunction;
  readonly event?: string | readonly string[];
  readonly type?: TouchpointType;
  readonly property?: string;
  readonly window?: string;
  readonly where?: readonly FilterInFile[];
  readonly search?: boolean;
}

type Scalar = string | number | boolean;

export type FilterInFile = { readonly property: string } & (
  | { readonly is: Scalar | readonly Scalar[] }
  | { readonly is_not: Scalar | readonly Scalar[] }
  | { readonly contains: string }
  | { readonly at_least: number }
  | { readonly at_most: number }
  | { readonly exists: boolean }
);

export interface StageInFile {
  readonly id: string;
  readonly because: string;
  readonly when: StageConditionInFile;
}

type PeriodInFile = { readonly within: string } | { readonly not_within: string };
export type SubscriptionStatus = 'active' | 'past-due' | 'cancelled';

export type StageConditionInFile =
  | { readonly all: readonly StageConditionInFile[] }
  | { readonly any: readonly StageConditionInFile[] }
  | { readonly not: StageConditionInFile }
  | { readonly identified: true }
  | { readonly performed: string | readonly string[] }
  | { readonly orders: { readonly at_least: number } }
  | { readonly first_order: PeriodInFile }
  | { readonly last_order: PeriodInFile }
  | { readonly returned_after: string }
  | { readonly subscription: SubscriptionStatus };

export interface QuestionInFile {
  readonly id: string;
  readonly text: string;
  readonly trait: string;
  readonly known_by?: readonly string[];
  readonly priority: number;
  readonly ask_again_after?: string;
  readonly stages?: readonly string[];
}

export type ImportantDateInFile = { readonly id: string } & (
  { readonly trait: string } | { readonly anniversary_of: 'first-order' | 'first-seen' }
);
