import { parseTime, touchpointNames, type JsonObject, type OpenedTouchpoint } from '@rapport/events';
import {
  withIdentified,
  withOrder,
  withPerformed,
  withSubscriptionMoment,
  type LifecycleFacts,
  type SubscriptionMoment,
} from '../lifecycle/lifecycle-facts.js';
import { orderIdOf } from '../orders.js';
import type { ProfileRules } from '../rules/profile-rules.js';
import { stampOf, type Stamp } from '../stamp.js';
import { mapOf, numberOf, textOf, textsOf } from '../text.js';
import { storableText } from '../storable.js';
import { engagementIn } from './engagement.js';
import { interestIn } from './interests.js';
import { feedbackKinds, type FeedbackKind, type Relationship } from './relationship.js';

interface Told {
  readonly touchpoint: OpenedTouchpoint;
  readonly properties: JsonObject;
  readonly at: Stamp;
}
type Reading = (told: Told) => Relationship | undefined;

const readings: Readonly<Record<string, Reading>> = {
  [touchpointNames.supportTicketOpened]: (told) => ticketIn(told, true),
  [touchpointNames.supportTicketSolved]: (told) => ticketIn(told, false),
  [touchpointNames.surveyResponded]: surveyIn,
  [touchpointNames.reviewSubmitted]: reviewIn,
  [touchpointNames.productReviewed]: reviewIn,
  [touchpointNames.subscriptionStarted]: (told) => subscriptionIn(told, 'started'),
  [touchpointNames.subscriptionRenewed]: (told) => subscriptionIn(told, 'renewed'),
  [touchpointNames.subscriptionPaymentFailed]: (told) => subscriptionIn(told, 'payment-failed'),
  [touchpointNames.subscriptionCancelled]: (told) => subscriptionIn(told, 'cancelled'),
  [touchpointNames.ownerAssigned]: ownerIn,
  [touchpointNames.questionAsked]: askedIn,
  [touchpointNames.orderCompleted]: orderIn,
};
const readingOf = new Map(Object.entries(readings));

/** What one touchpoint tells of the relationship, each part for itself; empty for most. */
export function toldBy(
  rules: ProfileRules,
  known: Relationship,
  touchpoint: OpenedTouchpoint,
): readonly Relationship[] {
  const { type, event, content } = touchpoint;
  if (content === undefined) return [];
  const told: Told = { touchpoint, properties: content.properties ?? {}, at: stampOf(touchpoint) };
  const found: (Relationship | undefined)[] = [
    identifiedIn(known, told),
    acquisitionIn(known, told),
    type === 'group' && content.groupId !== undefined
      ? { accounts: { [storableText(content.groupId)]: told.at } }
      : undefined,
  ];
  if (type === 'track' && event !== null) {
    found.push(readingOf.get(event)?.(told), performedIn(rules, known, told, event));
    found.push(interestIn(rules, event, told.properties, touchpoint.timestamp), engagementIn(rules, event, touchpoint));
  }
  return found.filter((each) => each !== undefined);
}

const nobody: LifecycleFacts = {};

function identifiedIn({ facts = nobody }: Relationship, { touchpoint }: Told): Relationship | undefined {
  const { content, timestamp, type } = touchpoint;
  if (facts.identifiedAt !== undefined && facts.identifiedAt <= timestamp) return undefined;
  const traits = type === 'identify' ? content?.traits : undefined;
  const isNamed =
    content?.userId !== undefined || [traits?.['email'], traits?.['phone']].some((value) => textOf(value));
  return isNamed ? { facts: withIdentified(nobody, timestamp) } : undefined;
}

function performedIn(
  rules: ProfileRules,
  { facts = nobody }: Relationship,
  { touchpoint }: Told,
  event: string,
): Relationship | undefined {
  if (!rules.stageEvents.has(event)) return undefined;
  const known = facts.performed?.[event];
  if (known !== undefined && known <= touchpoint.timestamp) return undefined;
  return { facts: withPerformed(nobody, event, touchpoint.timestamp) };
}

/** The earliest campaign or outside referrer; looked for only where the touchpoint is earlier than what is known. */
function acquisitionIn({ acquisition }: Relationship, { touchpoint, properties, at }: Told): Relationship | undefined {
  const { content, timestamp } = touchpoint;
  if (acquisition !== undefined && acquisition.at[0] < timestamp) return undefined;
  const { campaign, page, referrer: referred } = content?.context ?? {};
  const referrer = mapOf(page)['referrer'] ?? mapOf(referred)['url'] ?? properties['referrer'];
  if (campaign === undefined && referrer === undefined) return undefined;
  const { name, source, medium, term, content: ad } = mapOf(campaign);
  const told = textsOf({ source, medium, campaign: name, term, content: ad, referrer });
  return Object.keys(told).length === 0 ? undefined : { acquisition: { at, ...told } };
}

function orderIn({ touchpoint }: Told): Relationship | undefined {
  const orderId = orderIdOf(touchpoint);
  if (orderId === undefined) return undefined;
  return { facts: withOrder(nobody, [storableText(orderId), touchpoint.timestamp]) };
}

function ticketIn({ touchpoint, properties, at }: Told, isOpen: boolean): Relationship | undefined {
  const id = textOf(properties['ticket_id']) ?? (isOpen ? touchpoint.messageId : undefined);
  return id === undefined
    ? undefined
    : { tickets: [{ id, at, isOpen, ...textsOf({ subject: properties['subject'] }) }] };
}

function surveyIn({ properties, at }: Told): Relationship | undefined {
  const survey = textOf(properties['survey'])?.toLowerCase();
  const kind = feedbackKinds.find((each) => each === survey);
  return kind && feedback(kind, numberOf(properties['score']), at);
}

function reviewIn({ properties, at }: Told): Relationship | undefined {
  return feedback('review', numberOf(properties['rating']), at);
}

function feedback(kind: FeedbackKind, score: number | undefined, at: Stamp): Relationship | undefined {
  return score === undefined ? undefined : { feedback: { [kind]: { score, at } } };
}

function subscriptionIn({ properties, at }: Told, kind: SubscriptionMoment['kind']): Relationship {
  const { renews_at: renews, voluntary } = properties;
  const renewsAt = parseTime(renews) ?? undefined;
  const moment: SubscriptionMoment = {
    id: textOf(properties['subscription_id']) ?? 'subscription',
    at,
    kind,
    ...textsOf({ plan: properties['plan'], reason: properties['reason'] }),
    ...(renewsAt === undefined ? {} : { renewsAt }),
    ...(typeof voluntary === 'boolean' ? { voluntary } : {}),
  };
  return { facts: withSubscriptionMoment(nobody, moment) };
}

function ownerIn({ properties, at }: Told): Relationship | undefined {
  const ownerId = textOf(properties['owner_id']);
  return ownerId === undefined
    ? undefined
    : { owner: { at, ownerId, ...textsOf({ ownerName: properties['owner_name'] }) } };
}

function askedIn({ touchpoint, properties }: Told): Relationship | undefined {
  const id = textOf(properties['question_id']);
  return id === undefined ? undefined : { asked: { [id]: touchpoint.timestamp } };
}
