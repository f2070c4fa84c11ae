import {
  compareStamps,
  feedbackKinds,
  importantDates,
  newestMoments,
  nextQuestion,
  preferred,
  statusOf,
  type OpenQuestion,
  type ProfileRules,
  type Relationship,
  type SubscriptionMoment,
} from '@rapport/profile';
import type { PurchaseRow } from './profile.store.js';
import type { KnownProfile } from './known-profile.js';
import type { QuestionDto, QuestionsDto, RelationshipDto, SubscriptionDto } from './relationship.dto.js';

const shownInterests = 10;
const shownPurchases = 10;

export interface ViewContext {
  readonly rules: ProfileRules;
  readonly workspaceId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Newest first. */
  readonly purchases: readonly PurchaseRow[];
}

/** What a business should know of a person before it speaks, as of now. */
export function relationshipView(profile: KnownProfile, context: ViewContext): RelationshipDto {
  const { relationship } = profile;
  const { acquisition, owner, hours, channels } = relationship;
  const hour = preferred(hours);
  return {
    acquisition: acquisition === undefined ? null : { ...acquisition, at: iso(acquisition.at[0]) },
    interests: interestsView(relationship),
    recentProducts: (relationship.products ?? []).map(([productId, seenAt, name]) => ({
      productId,
      name: name === '' ? null : name,
      seenAt: iso(seenAt),
    })),
    recentPurchases: context.purchases.slice(0, shownPurchases).map(purchaseView),
    openTickets: (relationship.tickets ?? [])
      .filter(({ isOpen }) => isOpen)
      .map(({ id, subject, at }) => ({ ticketId: id, subject: subject ?? null, openedAt: iso(at[0]) })),
    lastFeedback: feedbackKinds.flatMap((kind) => {
      const given = relationship.feedback?.[kind];
      return given === undefined ? [] : [{ kind, score: given.score, at: iso(given.at[0]) }];
    }),
    subscriptions: subscriptionsView(relationship.facts?.subscriptions ?? []),
    importantDates: importantDates(context.rules, profile, {
      ...context,
      firstOrderAt: profile.firstOrderAt,
    }),
    preferredChannel: preferred(channels) ?? null,
    preferredHour: hour === undefined ? null : Number(hour),
    owner:
      owner === undefined
        ? null
        : { ownerId: owner.ownerId, ownerName: owner.ownerName ?? null, since: iso(owner.at[0]) },
    accounts: Object.entries(relationship.accounts ?? {})
      .sort(([, a], [, b]) => compareStamps(b, a))
      .map(([id]) => id),
    questions: questionsView(profile, context),
  };
}

export function questionsView(profile: KnownProfile, { rules, now }: Pick<ViewContext, 'rules' | 'now'>): QuestionsDto {
  const { next, open } = nextQuestion(rules, profile, now);
  return {
    next: next === undefined ? null : questionView(next),
    open: open.map(questionView),
    unknownTraits: [...new Set(open.map(({ question }) => question.trait))].sort(),
  };
}

function questionView({ question: { id, text, trait, priority }, lastAskedAt }: OpenQuestion): QuestionDto {
  return { id, text, trait, priority, lastAskedAt: lastAskedAt === null ? null : iso(lastAskedAt) };
}

function interestsView({ interests = {} }: Relationship) {
  return Object.entries(interests)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, shownInterests)
    .map(([category, weight]) => ({ category, weight }));
}

/** The newest moment of each gives its state; plan and renewal are those that were named last. */
function subscriptionsView(moments: readonly SubscriptionMoment[]): readonly SubscriptionDto[] {
  return newestMoments(moments).map((newest) => {
    const all = moments.filter(({ id }) => id === newest.id);
    const renewsAt =
      newest.kind === 'cancelled' ? undefined : all.find((moment) => moment.renewsAt !== undefined)?.renewsAt;
    return {
      subscriptionId: newest.id,
      status: statusOf(newest),
      since: iso(newest.at[0]),
      plan: all.find(({ plan }) => plan !== undefined)?.plan ?? null,
      renewsAt: renewsAt === undefined ? null : iso(renewsAt),
      reason: newest.reason ?? null,
      voluntary: newest.voluntary ?? null,
    };
  });
}

function purchaseView({ order_id, ordered_at, currency, amount, refunded }: PurchaseRow) {
  return { orderId: order_id, orderedAt: ordered_at.toISOString(), currency, amount, refunded };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
