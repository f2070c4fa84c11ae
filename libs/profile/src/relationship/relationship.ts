import type { LifecycleFacts } from '../lifecycle/lifecycle-facts.js';
import type { Stamp, Stamped } from '../stamp.js';

export const maxTickets = 50;
export const maxProducts = 5;
export const maxInterests = 50;
export const maxAccounts = 20;

/** Where somebody came from: the earliest touchpoint that tells it. */
export interface Acquisition extends Stamped {
  readonly source?: string;
  readonly medium?: string;
  readonly campaign?: string;
  readonly term?: string;
  readonly content?: string;
  readonly referrer?: string;
}

/** The newest that was said of a support ticket. */
export interface Ticket extends Stamped {
  readonly id: string;
  readonly isOpen: boolean;
  readonly subject?: string;
}

export const feedbackKinds = ['nps', 'csat', 'ces', 'review'] as const;
export type FeedbackKind = (typeof feedbackKinds)[number];

export interface Feedback extends Stamped {
  readonly score: number;
}

export interface Owner extends Stamped {
  readonly ownerId: string;
  readonly ownerName?: string;
}

/** A product that somebody looked at, chose or bought, when last, and what it was called then. */
export type ProductInterest = readonly [productId: string, seenAt: number, name: string];

/**
 * What a business should know of a person before it speaks. Absent where nothing is known, so that most people cost
 * nothing. Everything is either the newest, the earliest or a sum, so that any order of facts gives the same.
 */
export interface Relationship {
  readonly facts?: LifecycleFacts;
  readonly acquisition?: Acquisition;
  /** Newest first, at most `maxTickets`. */
  readonly tickets?: readonly Ticket[];
  readonly feedback?: Readonly<Partial<Record<FeedbackKind, Feedback>>>;
  readonly owner?: Owner;
  /** When a group call last named the account, by its id; the newest `maxAccounts`. */
  readonly accounts?: Readonly<Record<string, Stamp>>;
  /** When each question was last asked (event time). */
  readonly asked?: Readonly<Record<string, number>>;
  /** Newest first, at most `maxProducts`. */
  readonly products?: readonly ProductInterest[];
  /** Weight by category; of more than `maxInterests` categories the first by name. */
  readonly interests?: Readonly<Record<string, number>>;
  /** How often they engaged on a channel, and in an hour of the day (0 to 23, their own time where known). */
  readonly channels?: Readonly<Record<string, number>>;
  readonly hours?: Readonly<Record<string, number>>;
}
