import {
  batchItemTexts,
  collectLimits,
  decodeMessage,
  splitBatch,
  type AcceptedTouchpoint,
  type Decoded,
  type ParsedJson,
  type RejectedMessage,
  type RequestFacts,
  type Rejection,
} from '@rapport/events';
import type { RejectedItem } from './http/answers.js';
import type { ApplyPlan } from './tracking-plan/apply-plan.js';
import type { RejectedBody } from './write/record-maker.js';

/** How a route reads the body: one event of the type the path names, or a batch of events that name their own. */
export interface RouteShape {
  readonly batch: boolean;
  readonly type: string | undefined;
  readonly imported: boolean;
}

/** Everything one request brought: each event in exactly one of the two lists. */
export interface DecodedRequest {
  readonly accepted: readonly AcceptedTouchpoint[];
  readonly rejected: readonly (RejectedBody & RejectedItem)[];
}

interface KnownFacts extends Pick<RequestFacts, 'receivedAt' | 'ip' | 'newMessageId'>, Judges {}

/** Who has a say in what was decoded. */
interface Judges {
  /** Why nothing of this touchpoint may be kept, if so. */
  readonly refuse: (touchpoint: AcceptedTouchpoint) => Rejection | undefined;
  readonly applyPlan: ApplyPlan;
}

export function decodeRequest(parsed: ParsedJson, text: string, shape: RouteShape, known: KnownFacts): DecodedRequest {
  const { mayNeedMending } = parsed;
  const base = { ...known, mayNeedMending, imported: shape.imported };
  if (!shape.batch) {
    const facts = { ...base, sentAt: undefined, context: undefined, integrations: undefined };
    return sort([decodeMessage(parsed.value, shape.type, facts)], () => text, known);
  }
  const split = splitBatch(parsed.value);
  if ('reason' in split) return { accepted: [], rejected: [rejectedWhole(split, text)] };
  const { sentAt, context, integrations, takeUntil, items } = split;
  const facts = { ...base, sentAt, context, integrations };
  const decoded = items.slice(0, takeUntil).map((item) => decodeMessage(item, undefined, facts));
  const texts = lazily(() => batchItemTexts(text));
  const { accepted, rejected } = sort(decoded, (index) => texts()[index] ?? '', known);
  return { accepted, rejected: items.length > takeUntil ? [...rejected, ...surplus(texts(), takeUntil)] : rejected };
}

function sort(
  decoded: readonly Decoded[],
  textOf: (index: number) => string,
  { refuse, applyPlan }: Judges,
): DecodedRequest {
  const accepted: AcceptedTouchpoint[] = [];
  const rejected: (RejectedBody & RejectedItem)[] = [];
  decoded.forEach((one, index) => {
    const refusal = 'accepted' in one ? refuse(one.accepted) : undefined;
    // Its bytes would be the very data that must not come back.
    if (refusal !== undefined) return void rejected.push(rejectedWhole(refusal, '', index));
    const judged = 'accepted' in one ? judge(one.accepted, applyPlan) : one;
    if ('accepted' in judged) accepted.push(judged.accepted);
    else rejected.push(rejectedItem(judged.rejected, index, textOf(index)));
  });
  return { accepted, rejected };
}

function judge(accepted: AcceptedTouchpoint, applyPlan: ApplyPlan): Decoded {
  const planned = applyPlan(accepted);
  if (!('reason' in planned)) return { accepted: planned };
  const { identifier, messageId } = accepted;
  return { rejected: { ...planned, identifier, messageId } };
}

function rejectedItem(rejected: RejectedMessage, index: number, text: string): RejectedBody & RejectedItem {
  return { ...rejected, index, body: Buffer.from(text) };
}

/** A request, or the rest of one, that is kept as it is because its events cannot be told apart or are too many. */
export function rejectedWhole(
  { reason, detail }: Pick<RejectedBody, 'reason' | 'detail'>,
  body: string | Buffer,
  index = 0,
): RejectedBody & RejectedItem {
  return { reason, detail, index, messageId: null, identifier: undefined, body: Buffer.from(body) };
}

/** Events beyond the limit, one by one; a flood of them as one list, or a small request could fill the log. */
function surplus(texts: readonly string[], takeUntil: number): (RejectedBody & RejectedItem)[] {
  const detail = `a batch holds at most ${collectLimits.batchEvents} events; send several batches`;
  const end = collectLimits.batchRejections;
  const single = texts
    .slice(takeUntil, end)
    .map((text, index) => rejectedWhole({ reason: 'batch-too-long', detail }, text, takeUntil + index));
  if (texts.length <= end) return single;
  const flood = { reason: 'batch-too-long', detail: `${texts.length - end} events as one list: ${detail}` } as const;
  return [...single, rejectedWhole(flood, `[${texts.slice(end).join(',')}]`, end)];
}

function lazily<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
