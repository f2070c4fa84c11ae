import type { ProfileDto } from '@rapport/service-query';
import { printable } from './terminal.js';

type Line = readonly [name: string, value: string | null | undefined];

const shownTouchpoints = 10;

/** A profile for people: one part below the other, and what is not known left out. */
export function profilePage(profile: ProfileDto): string {
  const parts: readonly (readonly [title: string, text: string])[] = [
    [`Profile ${profile.profileId}`, lines(headOf(profile))],
    ['Identifiers', lines(valuesByType(profile.identifiers))],
    ['Came with them, and is not theirs (rapport identity show)', lines(valuesByType(profile.quarantinedIdentifiers))],
    ['Traits', traitsOf(profile)],
    ['Computed traits', lines(Object.entries(profile.computedTraits).map(([name, value]) => [name, shown(value)]))],
    ['Lifecycle', lifecycleOf(profile)],
    ['Relationship', lines(relationshipOf(profile))],
    ['Orders', lines(ordersOf(profile))],
    [
      'Segments',
      lines(
        profile.memberships
          .filter(({ isMember }) => isMember)
          .map((each) => [each.segmentId, `since ${day(each.since)}`]),
      ),
    ],
    ['Scores', lines(profile.scores.map(({ scoreId, value }) => [scoreId, String(value)]))],
    [
      'Consent',
      lines(
        profile.consents.map((each) => [`${each.purpose}/${each.channel}`, `${each.status} since ${day(each.since)}`]),
      ),
    ],
    ['Last touchpoints', touchpointsOf(profile)],
  ];
  return parts
    .filter(([, text]) => text !== '')
    .map(([title, text]) => `${title}\n${text}`)
    .join('\n\n');
}

function valuesByType(identifiers: ProfileDto['identifiers']): readonly Line[] {
  return Object.entries(identifiers).map(([type, values]) => [type, values.join(', ')]);
}

function headOf({ firstSeenAt, lastSeenAt, lifecycle, relationship }: ProfileDto): readonly Line[] {
  const { owner, questions } = relationship;
  return [
    ['first seen', firstSeenAt && minute(firstSeenAt)],
    ['last seen', lastSeenAt && minute(lastSeenAt)],
    ['stage', lifecycle && `${lifecycle.stage} since ${day(lifecycle.since)}: ${lifecycle.because}`],
    ['owner', owner && (owner.ownerName ?? owner.ownerId)],
    ['ask next', questions.next?.text],
  ];
}

function traitsOf({ traits, traitOrigins }: ProfileDto): string {
  return lines(
    Object.entries(traits).map(([name, value]): Line => {
      const origin = traitOrigins[name];
      const told =
        origin && `  (${origin.source}, ${day(origin.saidAt)}${origin.origin === 'inferred' ? ', inferred' : ''})`;
      return [name, `${shown(value)}${told ?? ''}`];
    }),
  );
}

function lifecycleOf({ lifecycle }: ProfileDto): string {
  return lines((lifecycle?.history ?? []).map(({ stage, since, because }) => [day(since), `${stage}: ${because}`]));
}

function relationshipOf({ relationship }: ProfileDto): readonly Line[] {
  const { acquisition, preferredChannel, preferredHour, accounts, openTickets, questions } = relationship;
  const came = acquisition && [acquisition.source, acquisition.medium, acquisition.campaign, acquisition.referrer];
  return [
    ['came by', came && came.filter(Boolean).join(' / ')],
    ['accounts', accounts.join(', ')],
    ['likes', relationship.interests.map(({ category, weight }) => `${category} (${weight})`).join(', ')],
    ['looked at', relationship.recentProducts.map(({ name, productId }) => name ?? productId).join(', ')],
    [
      'open tickets',
      openTickets.map(({ ticketId, subject }) => (subject ? `${ticketId} (${subject})` : ticketId)).join(', '),
    ],
    ['feedback', relationship.lastFeedback.map(({ kind, score, at }) => `${kind} ${score} on ${day(at)}`).join(', ')],
    ...relationship.subscriptions.map(({ subscriptionId, status, plan, renewsAt }): Line => [
      subscriptionId,
      [status, plan, renewsAt && `renews ${day(renewsAt)}`].filter(Boolean).join(', '),
    ]),
    ...relationship.importantDates.map(({ id, next, daysAway }): Line => [id, `${next}, in ${daysAway} days`]),
    ['best reached', reachedBy(preferredChannel, preferredHour)],
    ['not known', questions.open.map(unansweredText).join(', ')],
  ];
}

function unansweredText({ trait, lastAskedAt }: ProfileDto['relationship']['questions']['open'][number]): string {
  return lastAskedAt === null ? trait : `${trait} (asked ${day(lastAskedAt)})`;
}

function reachedBy(channel: string | null, hour: number | null): string {
  return [channel && `by ${channel}`, hour === null ? null : `around ${hour}:00`].filter(Boolean).join(' ');
}

function ordersOf({ orders, relationship }: ProfileDto): readonly Line[] {
  return [
    ...orders.byCurrency.map(({ currency, orders: count, revenue, averageOrder }): Line => [
      currency,
      `${count} ${count === 1 ? 'order' : 'orders'}, ${revenue} net of refunds${averageOf(averageOrder)}`,
    ]),
    ...relationship.recentPurchases.map(({ orderedAt, orderId, amount, currency }): Line => [
      day(orderedAt),
      `${orderId}: ${amount} ${currency}`,
    ]),
  ];
}

/** The API gives four places, for sums of many averages. */
function averageOf(averageOrder: string | null): string {
  return averageOrder === null ? '' : `, ${averageOrder.replace(/(\.\d\d)0+$/, '$1')} on average`;
}

function touchpointsOf({ recentTouchpoints }: ProfileDto): string {
  return lines(
    recentTouchpoints
      .slice(0, shownTouchpoints)
      .map(({ timestamp, event, type }) => [minute(timestamp), event ?? type]),
  );
}

function lines(all: readonly Line[]): string {
  const known = all.flatMap(([name, value]) => (value ? [[printable(name), printable(value)] as const] : []));
  const width = Math.max(0, ...known.map(([name]) => name.length));
  return known.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
}

function shown(value: unknown): string {
  if (value === null) return '(cleared)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function day(time: string): string {
  return time.slice(0, 10);
}

function minute(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}
