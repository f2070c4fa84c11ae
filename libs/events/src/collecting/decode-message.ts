import {
  touchpointTypes,
  type JsonObject,
  type Touchpoint,
  type TouchpointContent,
  type TouchpointFlag,
  type TouchpointType,
} from '../touchpoint.js';
import { eventTime } from './event-time.js';
import { identifierField, isMap, mapField, textField, type JsonMap } from './fields.js';
import { inspect } from './inspect.js';
import { collectLimits } from './limits.js';
import { mend } from './mend.js';
import { Refusal, type Rejection } from './rejection.js';

/** The identifier that leads a touchpoint; its keyed hash becomes the `subjectId`. */
export interface LeadingIdentifier {
  readonly type: 'userId' | 'anonymousId';
  readonly value: string;
}

/** A touchpoint before its content is sealed and its source is stamped on it. */
export interface AcceptedTouchpoint extends Omit<
  Touchpoint,
  'workspaceId' | 'sourceId' | 'subjectId' | 'keyId' | 'content'
> {
  readonly identifier: LeadingIdentifier;
  readonly content: TouchpointContent;
}

/** `identifier` and `messageId` are what could be read of the event all the same. */
export interface RejectedMessage extends Rejection {
  readonly identifier: LeadingIdentifier | undefined;
  readonly messageId: string | null;
}

export type Decoded = { readonly accepted: AcceptedTouchpoint } | { readonly rejected: RejectedMessage };

/** What a request says about all of its events, and what the collector knows of the request. */
export interface RequestFacts {
  readonly receivedAt: number;
  readonly sentAt: unknown;
  /** Batch-level `context` and `integrations`, merged key by key into each event; the event's own win. */
  readonly context: unknown;
  readonly integrations: unknown;
  /** The request says that its events are history. An event may say so for itself with `context.imported: true`. */
  readonly imported: boolean;
  /** Address of the sender, used where an event asks for it with `context.direct: true`. */
  readonly ip: string | undefined;
  /** Called where a sender gave no messageId. */
  readonly newMessageId: () => string;
  /** From `parseJson`. */
  readonly mayNeedMending: boolean;
}

/**
 * Decodes one event of the Segment HTTP API. `pathType` is the call the URL names; an event of a batch names its own.
 * Never throws: every message ends as accepted or as rejected with the reason.
 */
export function decodeMessage(message: unknown, pathType: string | undefined, facts: RequestFacts): Decoded {
  const refuse = (rejection: Rejection, readable: JsonMap = {}): Decoded => ({
    rejected: { ...rejection, identifier: readableIdentifier(readable), messageId: readableMessageId(readable) },
  });
  if (!isMap(message))
    return refuse({ reason: 'not-an-object', detail: 'the event is no JSON object; send an object' });
  const inspection = inspect(message);
  if (inspection !== 'fine') return refuse({ reason: inspection, detail: limitDetails[inspection] }, message);
  const flags = new Set<TouchpointFlag>();
  const readable = facts.mayNeedMending ? (mend(message, flags) as JsonMap) : message;
  try {
    return { accepted: decodeFields(readable, pathType, facts, flags) };
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.rejection, readable);
    throw error;
  }
}

const limitDetails = {
  'too-deep': `nested deeper than ${collectLimits.depth} levels; flatten the event`,
  'too-large': `larger than ${collectLimits.eventBytes} bytes as JSON; send less in one event`,
};

function decodeFields(
  message: JsonMap,
  pathType: string | undefined,
  facts: RequestFacts,
  flags: Set<TouchpointFlag>,
): AcceptedTouchpoint {
  const type = decodeType(message, pathType);
  const messageId = decodeMessageId(message) ?? assignMessageId(facts, flags);
  const event = type === 'track' ? decodeEventName(message) : null;
  const content = decodeContent(message, type, facts, flags);
  const identifier = leadingIdentifier(content);
  if (identifier === undefined) {
    throw new Refusal('missing-identifier', 'neither userId nor anonymousId is given; send one of them');
  }
  const imported = facts.imported || content.context?.imported === true;
  const { receivedAt } = facts;
  const timestamp = message.timestamp ?? message.originalTimestamp;
  const times = eventTime({ timestamp, sentAt: facts.sentAt ?? message.sentAt, receivedAt, imported }, flags);
  return { messageId, type, event, ...times, receivedAt, flags: [...flags], imported, identifier, content };
}

const knownTypes: ReadonlySet<unknown> = new Set(touchpointTypes);

function isTouchpointType(value: unknown): value is TouchpointType {
  return knownTypes.has(value);
}

function decodeType(message: JsonMap, pathType: string | undefined): TouchpointType {
  if (isTouchpointType(pathType)) return pathType;
  const type = typeof message.type === 'string' ? message.type.toLowerCase() : undefined;
  if (isTouchpointType(type)) return type;
  throw new Refusal('unknown-type', `type is none of ${touchpointTypes.join(', ')}; send one of them`);
}

function decodeMessageId(message: JsonMap): string | undefined {
  return textField(message, 'messageId', {
    reason: 'invalid-message-id',
    characters: collectLimits.messageIdCharacters,
  });
}

function assignMessageId(facts: RequestFacts, flags: Set<TouchpointFlag>): string {
  flags.add('message-id-assigned');
  return facts.newMessageId();
}

function decodeEventName(message: JsonMap): string {
  const rule = { reason: 'invalid-event', characters: collectLimits.eventNameCharacters } as const;
  const event = textField(message, 'event', rule);
  if (event === undefined) throw new Refusal('missing-event', 'event is empty; send the name of what happened');
  return event;
}

function decodeContent(
  message: JsonMap,
  type: TouchpointType,
  facts: RequestFacts,
  flags: Set<TouchpointFlag>,
): TouchpointContent {
  const context = decodeContext(message, facts, flags);
  const content: TouchpointContent = {
    ...decodeIdentifiers(message, type),
    ...(type === 'page' || type === 'screen' ? decodePageNames(message) : undefined),
    properties: mapField(message, 'properties'),
    traits: decodeTraits(message, type, context),
    context,
    integrations: merged(facts.integrations, mapField(message, 'integrations'), facts, flags),
  };
  return content;
}

function decodeIdentifiers(message: JsonMap, type: TouchpointType): TouchpointContent {
  const userId = identifierField(message, 'userId');
  const anonymousId = identifierField(message, 'anonymousId');
  const groupId = identifierField(message, 'groupId');
  if (type === 'group' && groupId === undefined) {
    throw new Refusal('missing-group', 'group needs groupId; send the id of the account');
  }
  if (type !== 'alias') return { userId, anonymousId, groupId };
  const previousId = identifierField(message, 'previousId') ?? anonymousId;
  if (userId === undefined) throw new Refusal('missing-identifier', 'alias needs userId; send the id that stays');
  if (previousId === undefined) {
    throw new Refusal('missing-previous-id', 'alias needs previousId; send the id that userId replaces');
  }
  return { userId, anonymousId, previousId, groupId };
}

function decodePageNames(message: JsonMap): TouchpointContent {
  const rule = { reason: 'wrong-type', characters: Infinity } as const;
  return { name: textField(message, 'name', rule), category: textField(message, 'category', rule) };
}

/** RudderStack's browser SDK puts the traits of an identify into its context only. */
function decodeTraits(message: JsonMap, type: TouchpointType, context: JsonObject | undefined): JsonObject | undefined {
  const traits = mapField(message, 'traits');
  if (traits !== undefined || type !== 'identify' || context === undefined) return traits;
  return isMap(context.traits) ? (context.traits as JsonObject) : undefined;
}

function decodeContext(message: JsonMap, facts: RequestFacts, flags: Set<TouchpointFlag>): JsonObject | undefined {
  const context = merged(facts.context, mapField(message, 'context'), facts, flags);
  const wantsAddress = context?.direct === true && context.ip === undefined && facts.ip !== undefined;
  return wantsAddress ? { ...context, ip: facts.ip } : context;
}

/** A batch-level mapping that is none is left out: it must not cost the events. */
function merged(
  ofBatch: unknown,
  own: JsonObject | undefined,
  facts: RequestFacts,
  flags: Set<TouchpointFlag>,
): JsonObject | undefined {
  if (!isMap(ofBatch) || inspect(ofBatch) !== 'fine') return own;
  const readable = facts.mayNeedMending ? mend(ofBatch, flags) : ofBatch;
  return { ...(readable as JsonObject), ...own };
}

function leadingIdentifier(content: TouchpointContent): LeadingIdentifier | undefined {
  if (content.userId !== undefined) return { type: 'userId', value: content.userId };
  return content.anonymousId === undefined ? undefined : { type: 'anonymousId', value: content.anonymousId };
}

/** The identifier of an event that is refused, so that its bytes are sealed under the right person's key. */
function readableIdentifier(message: JsonMap): LeadingIdentifier | undefined {
  for (const type of ['userId', 'anonymousId'] as const) {
    const value = message[type];
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    if (text.trim() !== '' && text.length <= collectLimits.identifierCharacters) return { type, value: text };
  }
  return undefined;
}

function readableMessageId(message: JsonMap): string | null {
  const { messageId } = message;
  const readable = typeof messageId === 'string' && messageId.length <= collectLimits.messageIdCharacters;
  return readable ? messageId.toWellFormed().replaceAll('\0', '\uFFFD') : null;
}
